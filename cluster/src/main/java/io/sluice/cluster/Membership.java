package io.sluice.cluster;

import java.util.function.Consumer;

/**
 * The current topology and the news of the next one.
 *
 * <p>Threading: {@link #topology()} may be called from any thread and never blocks. Listeners run one after the other
 * on one thread that the membership owns, in the order of the topologies; a listener must not block. A listener sees
 * the latest topology in the end, but not necessarily every one in between.
 *
 * <p>Invariant: once open, {@link #topology()} always answers, and losing sight of the source of members never takes
 * one away.
 */
public interface Membership extends AutoCloseable {
    /** The latest topology known here. */
    Topology topology();

    /**
     * Whether the source of members was asked after that moment, by {@link System#nanoTime}, and {@link #topology()}
     * and the listeners have its answer: then no member of that moment is unknown here. False while the source is away.
     */
    boolean confirmedSince(long nanoTime);

    /** Asks the source anew, soon: then {@link #confirmedSince} this moment becomes true. */
    default void refresh() {}

    /**
     * Tells {@code listener} the current topology and from then on each new one, until the returned subscription is
     * closed.
     */
    Subscription addListener(Consumer<Topology> listener);

    /** Stops watching and waits (bounded) for the threads to end. Afterwards no listener is called. */
    @Override
    void close();

    /** One listener's registration. */
    interface Subscription extends AutoCloseable {
        /** Ends the news; a call that is running is not waited for. */
        @Override
        void close();
    }
}
