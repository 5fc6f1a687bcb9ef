package io.sluice.node.fake;

import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A membership whose topology the test sets. Thread-safe; listeners run on the thread that sets. */
public final class SettableMembership implements Membership {
    private final List<Consumer<Topology>> listeners = new CopyOnWriteArrayList<>();
    private volatile Topology topology;
    private volatile boolean lagging;
    private volatile @Nullable Topology source;
    private volatile boolean answered;
    private volatile long answeredNanos;

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

    /** From now on nothing is confirmed until the source is asked; null while the source is away. */
    public void lagBehind(@Nullable Topology atTheSource) {
        lagging = true;
        source = atTheSource;
    }

    /** What the test sets is always confirmed, unless it lags behind. */
    @Override
    public boolean confirmedSince(long nanoTime) {
        return !lagging || (answered && answeredNanos - nanoTime >= 0);
    }

    @Override
    public void refresh() {
        Topology latest = source;
        if (latest != null) {
            set(latest);
            answeredNanos = System.nanoTime();
            answered = true;
        }
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
