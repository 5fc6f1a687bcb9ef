package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one node: a queue, a thread that turns it into batches, and a connection. It knows no other node, so a
 * node that does not answer holds up nobody else.
 *
 * <p>One call runs at a time; what comes in meanwhile makes the next batch. So batches are large under load and a lone
 * removal waits for nothing. A failed call is repeated for ever, with growing waits, until the lane is closed because
 * the member left the topology. A batch the node refuses (INVALID_ARGUMENT) is halved until the one removal is found
 * that it will not take, and that one is told as a removal of its whole group: never as nothing.
 *
 * <p>A lane whose thread ends by an error says so after a wait, so that the lane that follows it does not spin; what it
 * has is given up and told by that one.
 *
 * <p>{@link #offer} and {@link #close} are safe for use by many threads and do not block. Invariant: every removal that
 * was accepted ends in {@link Receiver#acknowledged} or {@link Receiver#givenUp}; in both only where the former threw.
 * None is refused before the lane has said that it ends.
 */
final class NodeLane implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeLane.class);

    /** Who owns the lane; called on the lane's thread. */
    interface Receiver {
        /** The header for the next call to this member. */
        PeerHeader header(Member member);

        /** The member has applied these. */
        void acknowledged(Member member, List<Delivery> deliveries, long topologyRevision);

        /** The lane has ended and the member has not acknowledged these, as far as is known. */
        void givenUp(Member member, List<PendingRemoval> pending);
    }

    private final Member member;
    private final Receiver receiver;
    private final Backoff backoff;
    private final Consumer<NodeLane> whenEnding;
    private final SyncMetrics metrics;
    private final LaneQueue queue;
    private final PeerChannel channel;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Batches taken from the queue and not yet acknowledged; only the lane's thread uses it. */
    private final Deque<List<Delivery>> work = new ArrayDeque<>();

    private volatile boolean failing;

    /** {@code whenEnding} is told once, on the lane's thread, before the lane refuses anything. */
    NodeLane(
            Member member,
            DispatchSettings settings,
            Backoff backoff,
            Receiver receiver,
            Consumer<NodeLane> whenEnding,
            SyncMetrics metrics) {
        this.member = requireNonNull(member, "member is null");
        this.receiver = requireNonNull(receiver, "receiver is null");
        this.backoff = requireNonNull(backoff, "backoff is null");
        this.whenEnding = requireNonNull(whenEnding, "whenEnding is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.queue = new LaneQueue(settings);
        this.channel = new PeerChannel(member, settings.rpcTimeout());
        this.thread =
                Thread.ofVirtual().name("sluice-sync-lane-" + member.name()).unstarted(this::run);
    }

    Member member() {
        return member;
    }

    void start() {
        thread.start();
    }

    /** Takes a removal to deliver; false when the lane is closed. */
    boolean offer(PendingRemoval pending) {
        return queue.offer(pending);
    }

    /** True from the first failed call until the next one that succeeds. */
    boolean isFailing() {
        return failing;
    }

    /** Stops delivering; what was not acknowledged is given up, on the lane's thread. */
    @Override
    public void close() {
        closed.countDown();
        channel.close();
        thread.interrupt();
    }

    /** Waits until the lane's thread has ended, which it does soon after {@link #close}. */
    void awaitEnd() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (isOpen()) {
                work.add(queue.take());
                while (!work.isEmpty()) {
                    deliver(new RemoveBatch(work.getFirst()));
                }
            }
        } catch (InterruptedException e) {
            log.debug("Lane to {} interrupted", member.name());
        } catch (RuntimeException e) {
            log.error("The lane to node {} ends by an error; another one is opened: report this", member.name(), e);
            awaitLongest();
        } finally {
            // First of all, so that whoever is refused finds another lane.
            whenEnding.accept(this);
            channel.close();
            List<PendingRemoval> left = new ArrayList<>();
            work.forEach(batch -> batch.forEach(delivery -> left.add(delivery.pending())));
            left.addAll(queue.close());
            receiver.givenUp(member, left);
        }
    }

    private void awaitLongest() {
        try {
            var _ = closed.await(backoff.delay(Integer.MAX_VALUE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Repeats the call until the batch is acknowledged or split; the batch is the first of {@link #work}. */
    private void deliver(RemoveBatch batch) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            long start = System.nanoTime();
            RemoveOutcome outcome = channel.remove(batch.request(receiver.header(member)));
            switch (outcome) {
                case RemoveOutcome.Acknowledged ok -> {
                    metrics.batchAcknowledged(member.name(), batch.size(), ok.covered(), System.nanoTime() - start);
                    recovered();
                    receiver.acknowledged(member, batch.deliveries(), ok.topologyRevision());
                    work.removeFirst();
                    return;
                }
                case RemoveOutcome.Refused refused
                when split(batch, refused) -> {
                    return;
                }
                case RemoveOutcome.Refused refused -> failed("INVALID_ARGUMENT", refused.reason());
                case RemoveOutcome.Failed failed -> failed(failed.code(), failed.reason());
            }
            if (closed.await(backoff.delay(attempt).toNanos(), TimeUnit.NANOSECONDS)) {
                throw new InterruptedException("lane closed");
            }
        }
    }

    /** Makes two of a refused batch, or a coarser one of a single removal; false when it is as coarse as can be. */
    private boolean split(RemoveBatch batch, RemoveOutcome.Refused refused) {
        List<Delivery> deliveries = batch.deliveries();
        if (deliveries.size() > 1) {
            int half = deliveries.size() / 2;
            work.removeFirst();
            work.addFirst(deliveries.subList(half, deliveries.size()));
            work.addFirst(deliveries.subList(0, half));
            return true;
        }
        if (deliveries.getFirst().isCoarsest()) {
            return false;
        }
        Removal removal = deliveries.getFirst().told();
        metrics.removalCoarsened(removal.group());
        log.warn(
                "Node {} refuses a removal in group {} ({}); removing the whole group there instead",
                member.name(),
                removal.group(),
                refused.reason());
        work.removeFirst();
        work.addFirst(List.of(deliveries.getFirst().coarser()));
        return true;
    }

    private void failed(String code, String reason) {
        metrics.batchFailed(member.name(), code);
        if (!failing && isOpen()) {
            failing = true;
            log.warn(
                    "Node {} at {}:{} does not take removals: {} {}. Repeating until it does or leaves the topology; offsets"
                            + " wait for it",
                    member.name(),
                    member.host(),
                    member.port(),
                    code,
                    reason);
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            log.info("Node {} takes removals again", member.name());
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }
}
