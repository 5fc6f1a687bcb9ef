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
    void aCopyIsUsableUntilItPassesTheLimitOfItsGroup() {
        for (PastMaxStaleness past : PastMaxStaleness.values()) {
            assertThat(freshness(past).usableNanos(9 * SECOND)).isEqualTo(SECOND);
            assertThat(freshness(past).usableNanos(10 * SECOND)).isZero();
        }
    }

    @Test
    void aCopyThatIsPastTheLimitIsUsableOnlyWhereItIsServedAndSaysSo() {
        for (long bound : new long[] {10 * SECOND + 1, StalenessBound.UNKNOWN}) {
            assertThat(freshness(PastMaxStaleness.SERVE).usableNanos(bound)).isGreaterThan(3600 * SECOND);
            assertThat(freshness(PastMaxStaleness.BYPASS).usableNanos(bound)).isZero();
            assertThat(freshness(PastMaxStaleness.FAIL).usableNanos(bound)).isZero();
        }
    }
}
