package io.sluice.store.policy;

/**
 * Ranks entries, known by their slots in {@link Ranks}, and names the one to go. It decides; the holder keeps the
 * entries, knows the bound and calls, for every request of a key,
 *
 * <ul>
 *   <li>{@link #accessed} when it holds the key, or {@link #replaced} when it has given it a new value;
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

    /** Unlinks the entry that is to go and returns its slot; {@link Ranks#NONE} when none is ranked. */
    int evict();

    /**
     * The entry to go next, as far as can be told without changing anything; {@link Ranks#NONE} when none is ranked.
     */
    int coldest();

    /** A new entry came in; {@link #missed} was called for it. */
    void added(int slot);

    /** The entry was read, for the key of this hash. */
    void accessed(int slot, long hash);

    /** The entry has a new value, and with it another weight, which differs by {@code change}; counts as an access. */
    void replaced(int slot, long hash, int change);

    /** The entry goes for another reason than making room; still in its slot. */
    void removed(int slot);

    /** The capacity is another from now on. Evicts nothing: the holder does. */
    void resize(long capacity);

    /** Throws IllegalStateException if an invariant of the structure does not hold; returns how many are ranked. */
    int audit();
}
