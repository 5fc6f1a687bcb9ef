package io.sluice.store;

/**
 * What a segment could lend, a moment ago. Immutable.
 *
 * @param share bytes it may hold
 * @param free bytes of its share that are not taken
 * @param victimUsedAt when its next victim was last used, in ticks
 * @param pressed whether the last put cost it an entry of its ranking's end, not just a newcomer that was no better
 */
record Offer(long share, long free, int victimUsedAt, boolean pressed) {}
