package io.sluice.node.fake;

import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A membership whose topology the test sets. Thread-safe; listeners run on the thread that sets. */
public final class SettableMembership implements Membership {
    private final List<Consumer<Topology>> listeners = new CopyOnWriteArrayList<>();
    private volatile Topology topology;

    public SettableMembership(Topology topology) {
        this.topology = topology;
    }

    public void set(Topology next) {
        topology = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    @Override
    public Topology topology() {
        return topology;
    }

    /** What the test sets is always confirmed. */
    @Override
    public boolean confirmedSince(long nanoTime) {
        return true;
    }

    @Override
    public Subscription addListener(Consumer<Topology> listener) {
        listener.accept(topology);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
