package io.sluice.bench.store;

import java.util.Arrays;

/** The median of measurements, which one disturbed round does not move. */
final class Medians {
    private Medians() {}

    /** The middle value, or the mean of the two in the middle; the array stays as it is. */
    static double of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there is no median of nothing");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
