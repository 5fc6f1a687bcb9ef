package io.sluice.node;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a node that others route to becomes ready: its connections to the other members stand or have
 * failed once, or it has waited for them for {@value #MOST_MILLIS} ms. Without them its first peeks would take longer
 * than a peek may, and its first misses all go to the source.
 *
 * <p>Its entries need no rule: while the previous ring drains, a key that this node does not have is peeked.
 *
 * <p>Thread-safe. One virtual thread, for as long as the rule is open.
 */
final class WarmUp implements AutoCloseable {
    static final long MOST_MILLIS = 1_000;
    private static final long STEP_MILLIS = 10;

    private final BooleanSupplier settled;
    private @Nullable Thread thread;
    private volatile boolean passed;

    /** @param settled whether the connections stand or have failed */
    WarmUp(BooleanSupplier settled) {
        this.settled = requireNonNull(settled, "settled is null");
    }

    boolean passed() {
        return passed;
    }

    /** Opens the rule, the first time only; {@code then} runs when it has passed, on this call if it has already. */
    synchronized void begin(Runnable then) {
        if (passed || thread != null) {
            return;
        }
        if (settled.getAsBoolean()) {
            passed = true;
            then.run();
            return;
        }
        thread = Thread.ofVirtual().name("warm-up").start(() -> {
            if (await()) {
                passed = true;
                then.run();
            }
        });
    }

    /** False when interrupted. */
    private boolean await() {
        long startNanos = System.nanoTime();
        try {
            while (!settled.getAsBoolean()
                    && System.nanoTime() - startNanos < TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS)) {
                Thread.sleep(STEP_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
