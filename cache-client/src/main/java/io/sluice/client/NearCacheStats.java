package io.sluice.client;

/**
 * What a near cache has done since the client was made. Immutable.
 *
 * @param hits reads that a copy answered
 * @param misses reads that a node was asked for
 * @param copies copies at this moment, those included whose lease has ended and that nobody asked for since
 */
public record NearCacheStats(long hits, long misses, int copies) {}
