package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one node: a queue, a connection, and as many senders as there may be unacknowledged batches, each a
 * thread. It knows no other node, so a node that does not answer holds up nobody else.
 *
 * <p>{@link LaneQueue} says when a batch goes, {@link LaneSender} what becomes of it. When one sender ends, by an error
 * or since the member left the topology, the lane ends; another one is opened if need be.
 *
 * <p>A sender that ends by an error says so after a wait, so that the lane that follows does not spin; what the lane
 * has is given up and told by that one.
 *
 * <p>{@link #offer} and {@link #close} are safe for use by many threads and do not block. Invariant: every delivery
 * that was accepted ends in {@link Receiver#acknowledged} or {@link Receiver#givenUp}; in both only where the former
 * threw. None is refused before the lane has said that it ends.
 */
final class NodeLane implements Lane {
    private static final Logger log = LoggerFactory.getLogger(NodeLane.class);

    /** Who owns the lane; called on the lane's threads. */
    interface Receiver {
        /** The header for the next call to this member. */
        PeerHeader header(Member member);

        /** The member has applied these. */
        void acknowledged(Member member, List<Delivery> deliveries, long topologyRevision);

        /** The lane has ended and the member has not acknowledged these, as far as is known. */
        void givenUp(Member member, List<Delivery> deliveries);
    }

    private final Member member;
    private final Receiver receiver;
    private final Backoff backoff;
    private final Consumer<Lane> whenEnding;
    private final LaneQueue queue;
    private final PeerChannel channel;
    private final List<LaneSender> senders;
    private final List<Thread> threads;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicInteger alive;
    private final LaneHealth health;

    /** {@code whenEnding} is told once, on a thread of the lane, before the lane refuses anything. */
    NodeLane(
            Member member,
            DispatchSettings settings,
            Backoff backoff,
            Receiver receiver,
            Consumer<Lane> whenEnding,
            SyncMetrics metrics) {
        this.member = requireNonNull(member, "member is null");
        this.receiver = requireNonNull(receiver, "receiver is null");
        this.backoff = requireNonNull(backoff, "backoff is null");
        this.whenEnding = requireNonNull(whenEnding, "whenEnding is null");
        this.queue = new LaneQueue(settings);
        this.channel = new PeerChannel(member, settings.rpcTimeout());
        this.health = new LaneHealth(member, metrics);
        this.senders = IntStream.range(0, settings.window())
                .mapToObj(i -> new LaneSender(member, queue, channel, receiver, backoff, closed, health, metrics))
                .toList();
        this.alive = new AtomicInteger(senders.size());
        Thread.Builder named = Thread.ofVirtual().name("sluice-sync-lane-" + member.name() + "-", 1);
        this.threads = senders.stream()
                .map(sender -> named.unstarted(() -> run(sender)))
                .toList();
    }

    @Override
    public Member member() {
        return member;
    }

    void start() {
        threads.forEach(Thread::start);
    }

    @Override
    public boolean offer(Delivery delivery) {
        return queue.offer(delivery);
    }

    /** Positions overtake removals: they speak of what is done. */
    @Override
    public void tell(ApplyPositionRequest position, Consumer<ApplyPositionResponse> answered) {
        channel.tell(position, answered);
    }

    /** {@code one} is called under the lock of the lane's queue. */
    @Override
    public void collapse(UnaryOperator<Delivery> one) {
        queue.collapse(one);
    }

    @Override
    public long waitingBytes() {
        return queue.bytes();
    }

    @Override
    public boolean isFailing() {
        return health.isFailing();
    }

    @Override
    public LaneStatus status() {
        long acknowledged = health.lastAckNanos();
        long busy = queue.busySinceNanos();
        return new LaneStatus(
                member,
                queue.removals(),
                queue.unacknowledged(),
                queue.running(),
                health.isFailing(),
                health.everAcknowledged(),
                busy - acknowledged > 0 ? busy : acknowledged,
                acknowledged);
    }

    /** Stops delivering; what was not acknowledged is given up, on a thread of the lane. */
    @Override
    public void close() {
        closed.countDown();
        channel.close();
        threads.forEach(Thread::interrupt);
    }

    @Override
    public void awaitEnd() {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(LaneSender sender) {
        try {
            sender.sendAll();
        } catch (InterruptedException e) {
            log.debug("Lane to {} interrupted", member.name());
        } catch (RuntimeException e) {
            log.error("The lane to node {} ends by an error; another one is opened: report this", member.name(), e);
            awaitLongest();
        } finally {
            if (!ending.getAndSet(true)) {
                // First of all, so that whoever is refused finds another lane.
                whenEnding.accept(this);
                close();
            }
            if (alive.decrementAndGet() == 0) {
                List<Delivery> left = new ArrayList<>();
                senders.forEach(each -> left.addAll(each.unacknowledged()));
                left.addAll(queue.close());
                receiver.givenUp(member, left);
            }
        }
    }

    private void awaitLongest() {
        try {
            var _ = closed.await(backoff.delay(Integer.MAX_VALUE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
