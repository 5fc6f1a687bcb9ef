package io.sluice.devstack.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A local process that never outlives the JVM that started it, however that JVM ends.
 *
 * <p>The command runs under a few lines of shell. The shell leaves a watcher behind and then becomes the command, so
 * {@link #pid} is the server's own. The watcher reads a pipe that only the starter holds the other end of. When the
 * starter ends, the kernel closes the pipe, the watcher reads the end of file, and kills the command, paused or not. So
 * that a process id that was given to someone else meanwhile is left alone, the watcher compares the start time of the
 * process first. {@code setsid} keeps a Ctrl-C at the terminal from the servers: the starter stops them in order.
 *
 * <p>Safe for concurrent use.
 */
public final class SupervisedProcess {
    private static final String SHELL = """
            exec 3<&0
            started=$(cut -d ' ' -f 22 /proc/$$/stat)
            (
                cat <&3 >/dev/null
                [ "$(cut -d ' ' -f 22 /proc/$$/stat 2>/dev/null)" = "$started" ] && kill -9 $$
            ) >/dev/null 2>&1 &
            exec "$@" </dev/null 3<&-
            """;

    private final Process process;

    private SupervisedProcess(Process process) {
        this.process = process;
    }

    /** Starts {@code command} in {@code directory}; what it prints is appended to {@code log}. */
    public static SupervisedProcess start(
            List<String> command, Map<String, String> environment, Path directory, Path log) {
        requireNonNull(log, "log is null");
        List<String> line = new ArrayList<>(List.of("setsid", "sh", "-c", SHELL, "sh"));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            return new SupervisedProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit status of a process that has ended. */
    public int exitValue() {
        return process.exitValue();
    }

    /** Ends the process by SIGTERM, by SIGKILL after {@code patience}, and returns when it is gone. */
    public void stop(Duration patience) {
        signal("CONT");
        // Not Process.destroy(): it closes the pipe as well, upon which the watcher would send SIGKILL at once.
        process.toHandle().destroy();
        if (!waitFor(patience)) {
            kill();
        }
    }

    /** Ends the process by SIGKILL and returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        if (!waitFor(Duration.ofSeconds(30))) {
            throw new IllegalStateException("Process " + pid() + " is still there 30 s after SIGKILL");
        }
    }

    /** Sends a signal by its name; nothing happens if the process is gone. */
    public void signal(String name) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot send SIG" + name + " to process " + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the process to end by itself; whether it has. */
    public boolean waitFor(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
