package io.sluice.cli.cluster;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Something that a thread of its own does again and again, evenly, until {@link #close}, which throws when it failed.
 * Thread-safe.
 */
final class EveryWhile implements AutoCloseable {
    /** What is done. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    private final Task task;
    private final long everyNanos;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile @Nullable Exception failure;

    private EveryWhile(String name, long everyNanos, Task task) {
        this.task = requireNonNull(task, "task is null");
        this.everyNanos = everyNanos;
        this.thread = new Thread(this::run, name);
    }

    /** @param name of the thread */
    static EveryWhile start(String name, long everyNanos, Task task) {
        EveryWhile every = new EveryWhile(name, everyNanos, task);
        every.thread.start();
        return every;
    }

    private void run() {
        long next = System.nanoTime();
        try {
            while (running) {
                task.run();
                next += everyNanos;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IllegalStateException(thread.getName() + " ended early: " + failure.getMessage(), failure);
        }
    }
}
