package io.sluice.node.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.PastMaxStaleness;
import io.sluice.mapping.Staleness;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FreshnessTest {
    private static final long SECOND = 1_000_000_000;

    private static Freshness freshness(PastMaxStaleness past) {
        return new Freshness(new StalenessBound(true), new Staleness(Duration.ofSeconds(10), past));
    }

    /** A copy that is lent ages elsewhere, where nobody knows the group's limit. */
    @Test
    void aCopyIsUsableUntilItsGroupGivesItNoMore() {
        for (PastMaxStaleness past : new PastMaxStaleness[] {PastMaxStaleness.BYPASS, PastMaxStaleness.FAIL}) {
            assertThat(freshness(past).usableNanos(9 * SECOND)).isEqualTo(SECOND);
            assertThat(freshness(past).usableNanos(StalenessBound.UNKNOWN)).isZero();
        }
        assertThat(freshness(PastMaxStaleness.SERVE).usableNanos(StalenessBound.UNKNOWN))
                .isGreaterThan(3600 * SECOND);
    }
}
