package io.sluice.cluster;

import io.sluice.coherence.SourcePosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Participants of one cluster on a {@link FakeEtcd}, on real threads. Closes all of them. */
final class EtcdScene {
    static final EtcdSettings SETTINGS = EtcdSettings.of(List.of("unused:1"), "school")
            .withLeaseTtl(Duration.ofSeconds(1))
            .withStartTimeout(Duration.ofSeconds(1));
    static final SourcePosition FLOOR = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57");

    final FakeEtcd etcd = new FakeEtcd();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    EtcdMembership membership() {
        EtcdMembership membership = EtcdMembership.open(etcd.connect(), SETTINGS, 2);
        open.push(membership);
        return membership;
    }

    static RingChanges changes(boolean invalidated, Duration warmUp) {
        return new RingChanges(invalidated, Duration.ofMillis(10), warmUp);
    }

    Node node(String name, RingChanges changes) {
        Node node = new Node();
        node.membership = membership();
        Member self = Member.of(name, "127.0.0.1", 7400);
        node.participant = NodeParticipant.register(etcd.connect(), SETTINGS, changes, self, node.membership, node);
        open.push(node.participant);
        return node;
    }

    Sync sync(String name) {
        Sync sync = new Sync();
        sync.membership = membership();
        sync.participant = SyncParticipant.register(etcd.connect(), SETTINGS, name, sync.membership, sync);
        open.push(sync.participant);
        return sync;
    }

    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** A node that writes down what it hears. */
    @SuppressWarnings("NullAway.Init")
    static final class Node implements NodeParticipant.Callbacks {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        volatile Topology adopted = Topology.none(2);
        volatile CountDownLatch mayAdopt = new CountDownLatch(0);
        EtcdMembership membership;
        NodeParticipant participant;

        @Override
        public void registered(Member self) {
            heard.add("registered " + self.incarnation());
        }

        @Override
        public void lost(String reason) {
            heard.add("lost: " + reason);
        }

        @Override
        public void adopt(Topology topology) {
            await(mayAdopt);
            adopted = topology;
        }
    }

    /** A sync instance that confirms and reads floors when it may. */
    @SuppressWarnings("NullAway.Init")
    static final class Sync implements SyncParticipant.Callbacks {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        volatile Topology adopted = Topology.none(2);
        volatile CountDownLatch mayAdopt = new CountDownLatch(0);
        final AtomicInteger floorFailures = new AtomicInteger();
        EtcdMembership membership;
        SyncParticipant participant;

        @Override
        public void registered(long incarnation) {
            heard.add("registered " + incarnation);
        }

        @Override
        public void lost(String reason) {
            heard.add("lost: " + reason);
        }

        @Override
        public void adopt(Topology topology) {
            await(mayAdopt);
            adopted = topology;
        }

        @Override
        public Map<String, SourcePosition> readFloors(long ringId) {
            if (floorFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("MySQL is away");
            }
            heard.add("floors");
            return Map.of("app", FLOOR);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
