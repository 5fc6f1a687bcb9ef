package io.sluice.cluster;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Timers and a thread of a simulated process, by the simulation's clock. */
final class SimTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final SimProcess process;
    private final SimWorker worker;
    private boolean shutdown;

    SimTimer(SimProcess process) {
        this.process = process;
        this.worker = new SimWorker(process);
    }

    private void later(long nanos, Runnable task) {
        process.in(nanos, () -> {
            if (!shutdown) {
                task.run();
            }
        });
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        later(unit.toNanos(delay), command);
        return new Never();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(command, initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        later(unit.toNanos(initialDelay), () -> {
            command.run();
            var _ = scheduleWithFixedDelay(command, delay, delay, unit);
        });
        return new Never();
    }

    @Override
    public void execute(Runnable command) {
        if (!shutdown) {
            worker.execute(command);
        }
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    /** Nobody asks for the result. */
    private static final class Never extends CompletableFuture<@Nullable Void>
            implements ScheduledFuture<@Nullable Void> {
        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }
}
