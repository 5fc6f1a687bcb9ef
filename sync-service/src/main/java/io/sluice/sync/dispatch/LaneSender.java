package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends batches of one lane, one after the other. A failed call is repeated for ever, with growing waits, until the
 * lane is closed. A batch the node refuses (INVALID_ARGUMENT) is halved until the one removal is found that it will not
 * take, and that one is told as a removal of its whole group: never as nothing.
 *
 * <p>Confined to one thread; {@link #unacknowledged} is for whoever comes after its end. Invariant: what it has taken
 * from the queue is acknowledged or among {@link #unacknowledged}.
 */
final class LaneSender {
    private static final Logger log = LoggerFactory.getLogger(LaneSender.class);

    private final Member member;
    private final LaneQueue queue;
    private final PeerChannel channel;
    private final NodeLane.Receiver receiver;
    private final Backoff backoff;
    private final CountDownLatch closed;
    private final LaneHealth health;
    private final SyncMetrics metrics;

    /** Batches taken from the queue and not yet acknowledged. */
    private final Deque<List<Delivery>> work = new ArrayDeque<>();

    LaneSender(
            Member member,
            LaneQueue queue,
            PeerChannel channel,
            NodeLane.Receiver receiver,
            Backoff backoff,
            CountDownLatch closed,
            LaneHealth health,
            SyncMetrics metrics) {
        this.member = requireNonNull(member, "member is null");
        this.queue = requireNonNull(queue, "queue is null");
        this.channel = requireNonNull(channel, "channel is null");
        this.receiver = requireNonNull(receiver, "receiver is null");
        this.backoff = requireNonNull(backoff, "backoff is null");
        this.closed = requireNonNull(closed, "closed is null");
        this.health = requireNonNull(health, "health is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** Sends until the lane is closed. */
    void sendAll() throws InterruptedException {
        while (isOpen()) {
            List<Delivery> taken = queue.take();
            work.add(taken);
            try {
                while (!work.isEmpty()) {
                    deliver(new RemoveBatch(work.getFirst()));
                }
            } finally {
                queue.finished(taken);
            }
        }
    }

    /** What it has taken and nobody has acknowledged. */
    List<Delivery> unacknowledged() {
        List<Delivery> all = new ArrayList<>();
        work.forEach(all::addAll);
        return all;
    }

    /** Repeats the call until the batch is acknowledged or split; the batch is the first of {@link #work}. */
    private void deliver(RemoveBatch batch) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            long start = System.nanoTime();
            RemoveOutcome outcome = channel.remove(RemoveRequestWriter.request(receiver.header(member), batch.body()));
            switch (outcome) {
                case RemoveOutcome.Acknowledged ok -> {
                    metrics.batchAcknowledged(member.name(), batch.size(), ok.covered(), System.nanoTime() - start);
                    health.succeeded();
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

    private void failed(String code, String reason) {
        if (isOpen()) {
            health.failed(code, reason);
        }
    }

    /** Makes two of a refused batch, or a coarser one of a single removal; false when it is as coarse as can be. */
    private boolean split(RemoveBatch batch, RemoveOutcome.Refused refused) {
        List<Delivery> deliveries = batch.deliveries();
        if (deliveries.size() > 1) {
            int half = deliveries.size() / 2;
            replaceFirst(deliveries.subList(0, half), deliveries.subList(half, deliveries.size()));
            return true;
        }
        Delivery only = deliveries.getFirst();
        if (only.size() > 1) {
            List<Delivery> halves = only.parcel().split(only, only.size() / 2);
            replaceFirst(List.of(halves.getFirst()), List.of(halves.getLast()));
            return true;
        }
        int index = only.next(0);
        Kind kind = only.bundle().kind(index);
        if (kind.scope() == RemovalScope.REMOVAL_SCOPE_GROUP
                && only.bundle().position(index).text().isEmpty()) {
            return false;
        }
        metrics.removalCoarsened(kind.group());
        log.warn(
                "Node {} refuses a removal in group {} ({}); removing the whole group there instead",
                member.name(),
                kind.group(),
                refused.reason());
        work.removeFirst();
        work.addFirst(List.of(only.parcel().coarsen(only)));
        return true;
    }

    private void replaceFirst(List<Delivery> first, List<Delivery> second) {
        work.removeFirst();
        work.addFirst(second);
        work.addFirst(first);
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }
}
