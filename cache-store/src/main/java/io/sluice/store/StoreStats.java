package io.sluice.store;

/**
 * Exact counts of one store since it was made, and what it holds now. Each segment is read under its lock, one after
 * the other; between calls {@code stored = entries + replaced + expired + evicted + removed + dropped}.
 *
 * @param hits lookups answered
 * @param misses lookups not answered, expired entries included
 * @param stored entries taken in
 * @param replaced entries that a newer one of the same key took the place of
 * @param expired entries reclaimed after their time
 * @param evicted entries that went to make room
 * @param removed entries taken away by a Remove, of their key or of the group
 * @param dropped entries let go because the node does not hold the key any more
 * @param covered Removes that found an entry which already reflects them
 * @param refused entries not admitted by the fence, or expired on arrival
 * @param superseded entries not kept because a fresher one was held
 * @param tooLarge entries larger than a segment's share
 * @param entries entries held, those of a removed generation that await reclaiming not included
 * @param bytes what they count, overhead included
 * @param capacityBytes the bound of what the stores of its pool hold together
 */
public record StoreStats(
        long hits,
        long misses,
        long stored,
        long replaced,
        long expired,
        long evicted,
        long removed,
        long dropped,
        long covered,
        long refused,
        long superseded,
        long tooLarge,
        long entries,
        long bytes,
        long capacityBytes) {
    /** The part of all lookups that was answered; 0 before the first. */
    public double hitRatio() {
        return hits == 0 ? 0 : (double) hits / (hits + misses);
    }
}
