package io.sluice.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedProcessTest {
    @TempDir
    Path directory;

    @Test
    void itsPidIsTheCommandsOwn() {
        SupervisedProcess process = start("sleep", "600");
        assertThat(ProcessHandle.of(process.pid()).orElseThrow().isAlive()).isTrue();
        process.kill();
        assertThat(process.isAlive()).isFalse();
        assertThat(ProcessHandle.of(process.pid())).isEmpty();
    }

    @Test
    void stopEndsEvenACommandThatIgnoresSigterm() {
        SupervisedProcess process = start("sh", "-c", "trap '' TERM; while :; do sleep 1; done");
        process.stop(Duration.ofMillis(200));
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void appendsWhatTheCommandPrintsToTheLog() {
        for (String word : List.of("one", "two")) {
            SupervisedProcess process = start("sh", "-c", "echo " + word + " >&2");
            assertThat(process.waitFor(Duration.ofSeconds(20))).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertThat(directory.resolve("log")).hasContent("one\ntwo\n");
        assertThat(LogFiles.tail(directory.resolve("log"), 1)).endsWith("log\n  | two");
    }

    private SupervisedProcess start(String... command) {
        return SupervisedProcess.start(List.of(command), Map.of(), directory, directory.resolve("log"));
    }
}
