package io.sluice.devstack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    void stopGivesTheCommandTimeToEnd() {
        SupervisedProcess process = start(
                "sh", "-c", "trap 'sleep 0.5; echo ended in order; exit 0' TERM; echo up; while :; do sleep 0.1; done");
        await().untilAsserted(() -> assertThat(directory.resolve("log")).hasContent("up\n"));
        process.stop(Duration.ofSeconds(20));
        assertThat(process.exitValue()).isZero();
        assertThat(directory.resolve("log")).content().endsWith("ended in order\n");
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
