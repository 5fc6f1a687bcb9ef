package io.sluice.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.devstack.junit.DevstackExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class DevstackTest {
    @Test
    void saysWhichPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Devstack.builder()
                            .only(Part.ETCD)
                            .port(Part.ETCD, port)
                            .start())
                    .isInstanceOf(DevstackException.class)
                    .hasMessageContaining("etcd cannot start: port 127.0.0.1:" + port + " is already in use")
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void namesTheLogAndItsLastLinesWhenAServerDoesNotStart() {
        assertThatThrownBy(() -> Devstack.builder()
                        .only(Part.MYSQL)
                        .mysqlOptions("--no-such-option")
                        .start())
                .isInstanceOf(DevstackException.class)
                .hasMessageContaining("MySQL ended with status")
                .hasMessageContaining("mysql.log")
                .hasMessageContaining("no-such-option");
    }

    @Test
    void startsOnlyWhatIsAskedForAndLeavesOnlyLogs() {
        Path directory;
        long pid;
        try (Devstack stack = Devstack.builder().only(Part.ETCD).start()) {
            directory = stack.directory();
            pid = stack.etcd().pid();
            assertThat(ProcessHandle.of(pid)).isPresent();
            assertThatThrownBy(stack::mysql)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("MySQL is not part of this stack");
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(directory.resolve("data")).doesNotExist();
        assertThat(directory.resolve("logs/etcd.log")).exists();
    }

    @Test
    @ExtendWith(DevstackExtension.class)
    void isSharedByAllTestsOfARun(Devstack one, Devstack other) {
        assertThat(one).isSameAs(other);
        for (Part part : Part.values()) {
            assertThat(one.part(part).isAlive()).isTrue();
            assertThat(one.part(part).logFile()).exists();
        }
    }
}
