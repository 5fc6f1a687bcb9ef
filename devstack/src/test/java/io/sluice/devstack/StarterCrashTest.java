package io.sluice.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.devstack.process.RunDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarterCrashTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftOfAKilledStarter(boolean paused) throws Exception {
        Process starter = new ProcessBuilder(List.of(
                        Provisions.java(), "-cp", System.getProperty("java.class.path"), EtcdStarter.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] said = firstLine(starter).split(" ", 2);
        ProcessHandle etcd = ProcessHandle.of(Long.parseLong(said[0])).orElseThrow();
        Path data = Path.of(said[1], "data");
        assertThat(etcd.isAlive()).isTrue();
        assertThat(data).isNotEmptyDirectory();
        if (paused) {
            new ProcessBuilder("kill", "-STOP", said[0]).start().waitFor();
        }

        starter.destroyForcibly().waitFor();

        // Returns when etcd is gone.
        etcd.onExit().get(20, TimeUnit.SECONDS);
        RunDirectory.create().close();
        assertThat(data).doesNotExist();
    }

    private static String firstLine(Process process) throws IOException {
        try (BufferedReader output = process.inputReader()) {
            return output.readLine();
        }
    }
}
