package io.sluice.bench.store;

/**
 * The speed of one contestant: the median of its rounds.
 *
 * @param lowest the slowest round
 * @param highest the fastest round
 * @param bytesPerOperation heap that an operation allocates
 * @param sluiceRatio Sluice's median over this one; 1 for Sluice itself
 */
public record StoreResult(
        String benchmark,
        int threads,
        String contestant,
        int rounds,
        double opsPerSecond,
        double lowest,
        double highest,
        double bytesPerOperation,
        double sluiceRatio) {}
