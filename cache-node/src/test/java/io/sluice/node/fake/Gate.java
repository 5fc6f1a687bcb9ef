package io.sluice.node.fake;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Where the first to come waits until the test opens; those behind it pass. Thread-safe. */
public final class Gate implements Consumer<String> {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private boolean taken;

    @Override
    public void accept(String key) {
        synchronized (this) {
            if (taken) {
                return;
            }
            taken = true;
        }
        reached.countDown();
        await(open);
    }

    public void awaitReached() {
        await(reached);
    }

    public void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came, or nobody opened");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
