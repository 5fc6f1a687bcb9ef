package io.sluice.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClusterOutcomeTest {
    @Test
    void jsonIsOneObjectWithTheDocumentedNames() {
        assertThat(new ClusterOutcome(0.03, 0, 1.5, 1.25, 2).json())
                .isEqualTo("{\"joinLoadsPerRequest\":0.03,\"killFailedAfter500Millis\":0,"
                        + "\"killHitRecoverySeconds\":1.5,\"killQueryRateRatio\":1.25,\"rollingFailed\":2}");
    }
}
