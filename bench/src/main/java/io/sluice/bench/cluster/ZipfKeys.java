package io.sluice.bench.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Keys drawn so that key {@code k} comes in proportion to {@code 1 / k^0.99}: a few are asked for all the time, most
 * hardly ever. Not safe for concurrent access.
 */
public final class ZipfKeys {
    private static final double EXPONENT = 0.99;

    private final double[] upTo;
    private final SplittableRandom random;

    /** Keys 1 to {@code count}. */
    public ZipfKeys(int count, long seed) {
        this.upTo = new double[count];
        this.random = new SplittableRandom(seed);
        double sum = 0;
        for (int key = 1; key <= count; key++) {
            sum += 1 / Math.pow(key, EXPONENT);
            upTo[key - 1] = sum;
        }
    }

    /** The next key. */
    public int next() {
        int found = Arrays.binarySearch(upTo, random.nextDouble(upTo[upTo.length - 1]));
        return (found < 0 ? -found - 1 : found) + 1;
    }
}
