package io.sluice.devstack;

import io.sluice.devstack.process.FreePorts;
import io.sluice.devstack.process.LogFiles;
import io.sluice.devstack.process.SupervisedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A server that is one local process: what it has in common with the others. Subclasses say the command, the ports and
 * what proves that it answers. Safe for concurrent use: calls run one after the other, except {@link #isAlive} and
 * {@link #pid}, which never wait.
 */
abstract sealed class ServerPart implements StackPart permits MysqlServer, KafkaProcess, EtcdServer, CanalServer {
    private static final Duration FREE_WITHIN = Duration.ofSeconds(2);
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);
    private static final long BETWEEN_CHECKS_NANOS = 25_000_000;
    private static final int LOG_LINES = 20;

    private final Part part;
    private final Path directory;
    private final Path log;
    private volatile @Nullable SupervisedProcess process;

    ServerPart(Part part, Path directory, Path log) {
        this.part = part;
        this.directory = directory;
        this.log = log;
    }

    abstract List<String> command();

    Map<String, String> environment() {
        return Map.of();
    }

    /** The ports of 127.0.0.1 the server will listen on. */
    abstract List<Integer> ports();

    /** Asks the server one real question; throws as long as it does not answer it. */
    abstract void check() throws Exception;

    /** What makes the server stop sooner; called while it still answers, perhaps. */
    void beforeStop() {}

    @Override
    public final Part part() {
        return part;
    }

    @Override
    public final long pid() {
        return required().pid();
    }

    @Override
    public final boolean isAlive() {
        SupervisedProcess current = process;
        return current != null && current.isAlive();
    }

    @Override
    public final synchronized void stop() {
        if (isAlive()) {
            required().signal("CONT");
            beforeStop();
            required().stop(STOPPED_WITHIN);
        }
    }

    @Override
    public final synchronized void kill() {
        if (isAlive()) {
            required().kill();
        }
    }

    @Override
    public final synchronized void pause() {
        required().signal("STOP");
    }

    @Override
    public final synchronized void resume() {
        required().signal("CONT");
    }

    @Override
    public final synchronized void restart() {
        stop();
        start();
    }

    @Override
    public final Path logFile() {
        return log;
    }

    /** Starts the process and waits until it answers. */
    final synchronized void start() {
        ports().forEach(this::awaitFree);
        process = SupervisedProcess.start(command(), environment(), directory, log);
        awaitReady(required());
    }

    /** A port can be taken for a moment by who only looks whether it is free, or by a server that is just ending. */
    private void awaitFree(int port) {
        long deadline = System.nanoTime() + FREE_WITHIN.toNanos();
        while (!FreePorts.isFree(port)) {
            if (System.nanoTime() > deadline) {
                throw new DevstackException(part.title() + " cannot start: port 127.0.0.1:" + port
                        + " is already in use. Stop what listens there, or choose another port.");
            }
            LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
        }
    }

    private void awaitReady(SupervisedProcess started) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        Exception last = null;
        while (started.isAlive()) {
            try {
                check();
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DevstackException("Interrupted while waiting for " + part.title(), e);
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() > deadline) {
                throw new DevstackException(
                        part.title() + " runs but did not answer within " + READY_WITHIN.toSeconds() + " s: " + last
                                + LogFiles.tail(log, LOG_LINES),
                        last);
            }
            LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
        }
        throw new DevstackException(part.title() + " ended with status " + started.exitValue() + " while starting."
                + LogFiles.tail(log, LOG_LINES));
    }

    private SupervisedProcess required() {
        SupervisedProcess current = process;
        if (current == null) {
            throw new IllegalStateException(part.title() + " was never started");
        }
        return current;
    }
}
