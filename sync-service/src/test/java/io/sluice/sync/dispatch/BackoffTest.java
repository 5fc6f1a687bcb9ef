package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void waitsDoubleUpToTheLongestAndAreCutByAtMostHalf() {
        Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1), new SplittableRandom(42));
        for (int attempt = 0; attempt < 200; attempt++) {
            Duration full = attempt >= 7 ? Duration.ofSeconds(1) : Duration.ofMillis(10L << attempt);
            assertThat(backoff.delay(attempt)).isBetween(full.dividedBy(2), full);
        }
    }
}
