package io.sluice.devstack.provision;

import io.sluice.devstack.DevstackException;
import io.sluice.devstack.process.LogFiles;
import io.sluice.devstack.process.SupervisedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One command that fetches or prepares something, with a line on standard error from time to time if it takes longer
 * than a moment. The command ends with the starter. Stateless but for what it was made with.
 *
 * @param what what is being done, for a person: "Fetching MySQL 8.0.33 (553 MB)"
 * @param directory where the command runs, and whose growth is shown as the progress
 */
record Fetch(String what, Path directory, Path log) {
    private static final Duration FIRST_LINE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
    private static final int LOG_LINES = 15;
    /** What a shell says of a command that is not there. */
    private static final int NOT_FOUND = 127;

    void run(Duration patience, List<String> command) {
        run(patience, command, Map.of());
    }

    void run(Duration patience, List<String> command, Map<String, String> environment) {
        SupervisedProcess process = SupervisedProcess.start(command, environment, directory, log);
        long start = System.nanoTime();
        Duration next = FIRST_LINE;
        while (!process.waitFor(next)) {
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            if (taken.compareTo(patience) > 0) {
                process.kill();
                throw failed("not done after " + patience.toSeconds() + " s");
            }
            System.err.printf("sluice: %s ... %d MB, %d s%n", what, megabytes(), taken.toSeconds());
            next = BETWEEN_LINES;
        }
        if (process.exitValue() == NOT_FOUND) {
            throw failed(command.getFirst() + " is not on PATH: install it");
        }
        if (process.exitValue() != 0) {
            throw failed(command.getFirst() + " ended with status " + process.exitValue());
        }
    }

    private DevstackException failed(String why) {
        return new DevstackException(what + " failed: " + why
                + ". Nothing is half done: when the cause is gone, run the same command again."
                + LogFiles.tail(log, LOG_LINES));
    }

    private long megabytes() {
        try (var files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum() / 1_000_000;
        } catch (IOException | UncheckedIOException e) {
            // Files come and go while the command works.
            return 0;
        }
    }
}
