package io.sluice.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class LoadLogTest {
    private final LoadLog log = new LoadLog();

    @Test
    void growthBetweenReadingsIsEven() {
        log.counted(1_000, 50);
        log.counted(2_000, 150);
        assertThat(log.between(1_250, 1_750)).isEqualTo(50, within(1e-9));
        assertThat(log.perSecond(1_250, 1_750)).isEqualTo(100, within(1e-9));
    }

    @Test
    void outsideOfTheReadingsNothingGrows() {
        assertThat(log.between(0, 1_000)).isZero();
        log.counted(1_000, 50);
        log.counted(2_000, 150);
        assertThat(log.between(0, 1_000)).isZero();
        assertThat(log.between(2_000, 9_000)).isZero();
    }

    @Test
    void thePeakIsTheBusiestSecondWhereverItBegins() {
        log.counted(0, 0);
        log.counted(1_500, 15);
        log.counted(2_500, 115);
        log.counted(10_000, 190);
        assertThat(log.peakPerSecond(0, 10_000)).isEqualTo(100, within(1e-9));
        assertThat(log.peakPerSecond(2_500, 10_000)).isEqualTo(10, within(1e-9));
    }
}
