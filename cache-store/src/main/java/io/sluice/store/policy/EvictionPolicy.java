package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

/**
 * Ranks entries and names the one to go. It decides; the holder keeps the entries, knows the bound and calls, for every
 * request of a key,
 *
 * <ul>
 *   <li>{@link #accessed} when it holds the key, or {@link #replaced} when it has a new value for it;
 *   <li>{@link #missed} when it does not and is about to take it in, then {@link #evict} as often as room is wanting,
 *       then {@link #added}.
 * </ul>
 *
 * <p>Not thread-safe: under the lock of its holder. Takes constant time, amortised over the calls, and allocates
 * nothing for an entry.
 *
 * <p>Invariant: it ranks exactly the entries that were added and neither removed nor evicted since, so {@link #evict}
 * makes progress until nothing is left. Capacity and weights have the same unit, whatever it is; the capacity only
 * shapes the ranking, and a holder that exceeds it or falls short of it breaks nothing.
 */
public sealed interface EvictionPolicy
        permits LruPolicy, FifoPolicy, LfuPolicy, ArcPolicy, WTinyLfuPolicy, S3FifoPolicy {
    /** A key that is not held was asked for and will be added next. */
    void missed(long hash, int weight);

    /** Unlinks the entry that is to go and returns it; null when none is ranked. */
    @Nullable Ranked evict();

    /** The entry to go next, as far as can be told without changing anything; null when none is ranked. */
    @Nullable Ranked coldest();

    /** A new entry came in; {@link #missed} was called for it. */
    void added(Ranked entry);

    /** The entry was read. */
    void accessed(Ranked entry);

    /** A new value of the same key takes the place of the held one; counts as an access. */
    void replaced(Ranked held, Ranked successor);

    /** The entry went for another reason than making room. */
    void removed(Ranked entry);

    /** The capacity is another from now on. Evicts nothing: the holder does. */
    void resize(long capacity);

    /** Throws IllegalStateException if an invariant of the structure does not hold; returns how many are ranked. */
    int audit();
}
