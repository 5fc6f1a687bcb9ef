package io.sluice.sync.dispatch;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A membership whose topology the test sets; listeners run on the test's thread. */
public final class FakeMembership implements Membership {
    private final List<Consumer<Topology>> listeners = new CopyOnWriteArrayList<>();
    private final int replicationFactor;
    private volatile Topology topology;
    /** Whether etcd, so to speak, answers. */
    volatile boolean confirmed = true;

    public FakeMembership(int replicationFactor, Member... members) {
        this.replicationFactor = replicationFactor;
        this.topology = Topology.of(1, List.of(members), replicationFactor);
    }

    public void set(long revision, Collection<Member> members) {
        topology = Topology.of(revision, members, replicationFactor);
        listeners.forEach(listener -> listener.accept(topology));
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public boolean confirmedSince(long nanoTime) {
        return confirmed;
    }

    @Override
    public Subscription addListener(Consumer<Topology> listener) {
        listeners.add(listener);
        listener.accept(topology);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {}
}
