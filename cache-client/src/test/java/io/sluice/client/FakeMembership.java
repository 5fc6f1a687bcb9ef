package io.sluice.client;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Members as the test says. Thread-safe. */
final class FakeMembership implements Membership {
    private final List<Consumer<Topology>> listeners = new CopyOnWriteArrayList<>();
    private volatile Topology topology = Topology.of(0, List.of(), 2);
    volatile boolean closed;

    void become(Member... members) {
        topology = Topology.of(topology.revision() + 1, List.of(members), 2);
        listeners.forEach(listener -> listener.accept(topology));
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public boolean confirmedSince(long nanoTime) {
        return true;
    }

    @Override
    public Subscription addListener(Consumer<Topology> listener) {
        listeners.add(listener);
        listener.accept(topology);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        closed = true;
    }
}
