package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.DevstackException;
import io.sluice.devstack.process.LogFiles;
import io.sluice.devstack.process.SupervisedProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One node or sync service as a process of its own, on the class path of this JVM. It never outlives this JVM.
 *
 * <p>Thread-safe; calls run one after the other.
 */
public final class SluiceProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);
    private static final long BETWEEN_CHECKS_NANOS = 20_000_000;
    private static final int LOG_LINES = 20;
    private static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** For short-lived processes, many on few cores: quick to start counts for more than the last of speed. */
    public static final List<String> QUICK_TO_START = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    private final String name;
    private final Path log;
    private final int port;
    private final int adminPort;
    private final List<String> command;
    private final Map<String, String> environment;
    private @Nullable SupervisedProcess process;

    /** One that is quick to start, and not started yet; parameters as below. */
    public SluiceProcess(
            String name, String kind, Path config, int port, int adminPort, Map<String, String> environment) {
        this(name, kind, config, port, adminPort, environment, QUICK_TO_START);
    }

    /**
     * One that is not started yet.
     *
     * @param kind {@code node} or {@code sync}
     * @param config its configuration file; the log is written beside it
     * @param port where it serves gRPC; 0 for none
     * @param jvmOptions beside those that every process has
     */
    public SluiceProcess(
            String name,
            String kind,
            Path config,
            int port,
            int adminPort,
            Map<String, String> environment,
            List<String> jvmOptions) {
        this.name = requireNonNull(name, "name is null");
        this.log = config.resolveSibling(name + ".log");
        this.port = port;
        this.adminPort = adminPort;
        this.environment = Map.copyOf(environment);
        this.command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "io.sluice.cli.SluiceMain",
                kind,
                "--config",
                config.toString()));
    }

    public String name() {
        return name;
    }

    /** Where it serves gRPC; 0 for a process that does not. */
    public int port() {
        return port;
    }

    public String adminAddress() {
        return "http://127.0.0.1:" + adminPort;
    }

    /** What it has written, over all its lives. */
    public Path logFile() {
        return log;
    }

    /** Starts it without waiting. */
    public synchronized void launch() {
        Path directory = requireNonNull(log.getParent(), "the log has no directory");
        process = SupervisedProcess.start(command, environment, directory, log);
    }

    /** Waits until it says that it is ready. */
    public synchronized void awaitReady() {
        SupervisedProcess started = running();
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        String last = "no answer";
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (started.isAlive() && System.nanoTime() < deadline) {
                try {
                    var response = client.send(
                            HttpRequest.newBuilder(URI.create(adminAddress() + "/readyz"))
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            BodyHandlers.ofString());
                    if (response.statusCode() == 200) {
                        return;
                    }
                    last = response.body().strip();
                } catch (IOException e) {
                    last = String.valueOf(e.getMessage());
                }
                LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DevstackException("Interrupted while waiting for " + name, e);
        }
        throw new DevstackException(name
                + (started.isAlive() ? " is not ready: " + last : " ended with status " + started.exitValue())
                + LogFiles.tail(log, LOG_LINES));
    }

    /** Waits until it has ended by itself and returns its exit status; it is an error when it goes on. */
    public synchronized int awaitEnd(Duration patience) {
        SupervisedProcess started = running();
        if (!started.waitFor(patience)) {
            throw new DevstackException(
                    name + " still runs after " + patience.toSeconds() + " s" + LogFiles.tail(log, LOG_LINES));
        }
        return started.exitValue();
    }

    /** Ends it at once, as {@code kill -9} does. */
    public synchronized void kill() {
        running().kill();
    }

    /** Freezes it; connections stay open and nothing answers. */
    public synchronized void pause() {
        running().signal("STOP");
    }

    /** Lets it go on after {@link #pause}. */
    public synchronized void resume() {
        running().signal("CONT");
    }

    /** The process id of its present life. */
    public synchronized long pid() {
        return running().pid();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    private SupervisedProcess running() {
        return requireNonNull(process, name + " was never started");
    }

    /** Stops it as an operator would, and waits for its end. */
    @Override
    public synchronized void close() {
        if (process != null && process.isAlive()) {
            process.stop(STOPPED_WITHIN);
        }
    }
}
