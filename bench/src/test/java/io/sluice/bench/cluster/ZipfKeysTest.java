package io.sluice.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ZipfKeysTest {
    @Test
    void theFirstKeyComesAboutTwiceAsOftenAsTheSecondAndAllAreInRange() {
        ZipfKeys keys = new ZipfKeys(100, 42);
        int[] counts = new int[101];
        for (int i = 0; i < 100_000; i++) {
            counts[keys.next()]++;
        }
        assertThat(counts[0]).isZero();
        assertThat((double) counts[1] / counts[2]).isBetween(1.8, 2.2);
        assertThat(counts[100]).isPositive();
    }
}
