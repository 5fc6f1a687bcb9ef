package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LaneQueueTest {
    private static final DispatchSettings LINGERING = new DispatchSettings(
            10,
            DispatchSettings.DEFAULTS.maxBatchBytes(),
            Duration.ofDays(1),
            DispatchSettings.DEFAULTS.rpcTimeout(),
            DispatchSettings.DEFAULTS.retryInitial(),
            DispatchSettings.DEFAULTS.retryMax());

    private record Taken(List<PendingRemoval> batch, boolean interrupted) {}

    /**
     * 1: a removal is moved into a batch, which lingers for more. 2: the lane is closed, which interrupts its thread.
     */
    @Test
    void anInterruptionWhileABatchIsCollectedLosesNothingOfIt() throws Exception {
        LaneQueue queue = new LaneQueue(LINGERING);
        PendingRemoval pending = new PendingRemoval(Removal.ofKey("g", "k", ""), () -> {});
        queue.offer(pending);
        CompletableFuture<Taken> taken = new CompletableFuture<>();
        Thread lane = Thread.ofPlatform().start(() -> {
            try {
                List<PendingRemoval> batch =
                        queue.take().stream().map(Delivery::pending).toList();
                taken.complete(new Taken(batch, Thread.currentThread().isInterrupted()));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        await().until(() -> lane.getState() == Thread.State.TIMED_WAITING);

        lane.interrupt();

        assertThat(taken.get()).isEqualTo(new Taken(List.of(pending), true));
        assertThat(queue.close()).isEmpty();
    }
}
