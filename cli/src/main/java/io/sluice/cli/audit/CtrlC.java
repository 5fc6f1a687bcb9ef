package io.sluice.cli.audit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM end what runs in an orderly way, and the process with the status that this then has, where the JVM
 * would end it with the signal's. Thread-safe; for one use.
 */
final class CtrlC implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Thread hook;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int status;

    /** @param stop must return soon */
    CtrlC(Runnable stop) {
        hook = Thread.ofPlatform().name("sluice-audit-stop").unstarted(() -> {
            stop.run();
            boolean ended = false;
            try {
                ended = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.out.flush();
            System.err.flush();
            Runtime.getRuntime().halt(ended ? status : 2);
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** All is said; returns the status, unless a signal has come, which then ends the process with it. */
    int finish(int newStatus) {
        status = newStatus;
        close();
        return newStatus;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already, and waits for this.
            finished.countDown();
        }
    }
}
