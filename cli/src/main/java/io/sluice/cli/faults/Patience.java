package io.sluice.cli.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what must come true on a machine that may be slow. Stateless. */
public final class Patience {
    /** More than anything takes that recovers at all. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final long BETWEEN_CHECKS_NANOS = 50_000_000;

    private Patience() {}

    /** Something that is so, or not yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until it holds; IllegalStateException, with what the last check threw, when it never does. */
    public static void await(String what, Condition condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        Exception last = null;
        do {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for " + what, e);
            } catch (Exception e) {
                // A server that is just coming back: the next check may get its answer.
                last = e;
            }
            LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
        } while (System.nanoTime() < deadline);
        throw new IllegalStateException("Waited " + LONGEST.toSeconds() + " s in vain for " + what, last);
    }

    /** Lets a fault or a measurement last for so long. */
    public static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
