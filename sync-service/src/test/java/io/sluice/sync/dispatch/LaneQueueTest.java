package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LaneQueueTest {
    private static final Member MEMBER = Member.of("a", "127.0.0.1", 1);
    private static final Recipients RECIPIENTS = Recipients.of(Topology.of(1, List.of(MEMBER), 1));

    @Test
    void whatComesWhileNoCallIsUnderWayGoesAtOnce() throws Exception {
        LaneQueue queue = queue(Duration.ofDays(1));
        queue.offer(delivery(3));
        assertThat(queue.take()).hasSize(1);
        assertThat(queue.removals()).isZero();
        assertThat(queue.running()).isEqualTo(1);
    }

    @Test
    void whileACallIsUnderWayTheNextWaitsForItsEnd() throws Exception {
        LaneQueue queue = queue(Duration.ofDays(1));
        queue.offer(delivery(3));
        List<Delivery> first = queue.take();
        Delivery second = delivery(3);
        queue.offer(second);
        CompletableFuture<List<Delivery>> taken = takeOnAThread(queue);
        assertThat(taken).isNotDone();

        assertThat(queue.unacknowledged()).isEqualTo(3);
        queue.finished(first);

        assertThat(taken.get()).containsExactly(second);
    }

    @Test
    void aFullBatchGoesThoughACallIsUnderWay() throws Exception {
        LaneQueue queue = queue(Duration.ofDays(1));
        queue.offer(delivery(3));
        queue.take();
        queue.offer(delivery(6));
        CompletableFuture<List<Delivery>> taken = takeOnAThread(queue);
        assertThat(taken).isNotDone();

        queue.offer(delivery(4));

        assertThat(taken.get().stream().mapToInt(Delivery::size).sum()).isEqualTo(10);
        assertThat(queue.running()).isEqualTo(2);
    }

    @Test
    void whatHasWaitedForTheLingerGoesThoughACallIsUnderWay() throws Exception {
        LaneQueue queue = queue(Duration.ofMillis(1));
        queue.offer(delivery(3));
        queue.take();
        queue.offer(delivery(3));
        assertThat(queue.take()).hasSize(1);
    }

    @Test
    void aDeliveryThatIsLargerThanABatchIsGivenOutInParts() throws Exception {
        LaneQueue queue = queue(Duration.ofDays(1));
        queue.offer(delivery(35));
        List<Integer> sizes = new ArrayList<>();
        while (queue.removals() > 0) {
            List<Delivery> taken = queue.take();
            sizes.add(taken.stream().mapToInt(Delivery::size).sum());
            queue.finished(taken);
        }
        assertThat(sizes).allMatch(size -> size <= 10);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(35);
    }

    /** 1: a sender waits for a batch to grow. 2: the lane is closed, which interrupts the sender. */
    @Test
    void anInterruptionWhileABatchGrowsLosesNothingOfIt() throws Exception {
        LaneQueue queue = queue(Duration.ofDays(1));
        queue.offer(delivery(1));
        queue.take();
        Delivery waiting = delivery(3);
        queue.offer(waiting);
        CompletableFuture<Void> interrupted = new CompletableFuture<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                queue.take();
                interrupted.completeExceptionally(new AssertionError("it was given out"));
            } catch (InterruptedException e) {
                interrupted.complete(null);
            }
        });
        await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);

        sender.interrupt();

        interrupted.get();
        assertThat(queue.close()).containsExactly(waiting);
        assertThat(queue.offer(delivery(1))).isFalse();
    }

    @Test
    void afterALargeBatchTheNextWaitsThoughNoCallIsUnderWay() throws Exception {
        LaneQueue queue = new LaneQueue(settings(1_000, Duration.ofDays(1)));
        queue.offer(delivery(200));
        queue.finished(queue.take());
        queue.offer(delivery(200));
        CompletableFuture<List<Delivery>> taken = takeOnAThread(queue);
        assertThat(taken).isNotDone();

        queue.offer(delivery(800));

        assertThat(taken.get()).hasSize(2);
    }

    @Test
    void whatIsCollapsedIsNotCollapsedAgain() throws Exception {
        LaneQueue queue = queue(Duration.ofDays(1));
        List<Delivery> offered =
                IntStream.range(0, 100).mapToObj(i -> delivery(10)).toList();
        List<Delivery> collapsed = new ArrayList<>();
        for (int i = 0; i < offered.size(); i++) {
            queue.offer(offered.get(i));
            if (i % 30 == 29) {
                queue.collapse(delivery -> {
                    collapsed.add(delivery);
                    return delivery.parcel().collapse(delivery, (before, after) -> {});
                });
            }
        }

        assertThat(collapsed).containsExactlyElementsOf(offered.subList(0, 90));
        assertThat(queue.removals()).isEqualTo(90 + 100);
        List<Delivery> first = queue.take();
        assertThat(first)
                .hasSize(10)
                .allSatisfy(delivery ->
                        assertThat(delivery.bundle().kind(0).isKey()).isFalse());
    }

    private static CompletableFuture<List<Delivery>> takeOnAThread(LaneQueue queue) {
        CompletableFuture<List<Delivery>> taken = new CompletableFuture<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                taken.complete(queue.take());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        await().until(() -> sender.getState() == Thread.State.TIMED_WAITING || taken.isDone());
        return taken;
    }

    private static LaneQueue queue(Duration linger) {
        return new LaneQueue(settings(10, linger));
    }

    private static DispatchSettings settings(int maxBatch, Duration linger) {
        DispatchSettings usual = DispatchSettings.DEFAULTS;
        return new DispatchSettings(
                maxBatch,
                usual.maxBatchBytes(),
                linger,
                usual.window(),
                usual.maxBacklog(),
                usual.rpcTimeout(),
                usual.retryInitial(),
                usual.retryMax());
    }

    private static Delivery delivery(int removals) {
        BundleBuilder builder = new BundleBuilder();
        for (int i = 0; i < removals; i++) {
            builder.add(Removal.ofKey("g", "k" + i, ""));
        }
        return new Parcel(1, builder.build(), () -> {})
                .advance(RECIPIENTS, 0)
                .send()
                .getFirst();
    }
}
