package io.sluice.cluster;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the small executors of this package: daemon threads that say whose they are. */
final class NamedThreads {
    private static final int MAX_QUEUED = 1_000;

    private NamedThreads() {}

    /** One thread; after a shutdown it drops what it is given instead of throwing. */
    static ScheduledThreadPoolExecutor single(String name) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, factory(name, false), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Up to {@code size} threads, which end when idle. */
    static ExecutorService pool(String name, int size) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_QUEUED), factory(name, true));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static ThreadFactory factory(String name, boolean numbered) {
        AtomicInteger next = new AtomicInteger();
        return task -> thread(numbered ? name + "-" + next.getAndIncrement() : name, task);
    }
}
