package io.sluice.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RequestLogTest {
    private final RequestLog log = new RequestLog();

    @Test
    void countsWhatEndsBetweenTwoMoments() {
        log.hit(99);
        log.hit(100);
        log.miss(199);
        log.failure(250);
        log.hit(300);
        assertThat(log.requests(100, 300)).isEqualTo(3);
        assertThat(log.failed(100, 300)).isEqualTo(1);
        assertThat(log.failed(0, 200)).isZero();
    }

    @Test
    void aFailureIsNoHit() {
        log.hit(0);
        log.hit(0);
        log.miss(0);
        log.failure(0);
        assertThat(log.hitRatio(0, 100)).isEqualTo(0.5);
        assertThat(log.hitRatio(100, 200)).isNaN();
    }

    @Test
    void recoveryIsTheEndOfTheLastHalfSecondThatWasTooLow() {
        hitsEverySlice(0, 5_000);
        dip(1_000, 2_000);
        assertThat(log.staysAbove(0.9, 0, 5_000)).isEqualTo(2_400);
        dip(3_000, 3_100);
        assertThat(log.staysAbove(0.9, 0, 5_000)).isEqualTo(3_500);
    }

    @Test
    void withoutADipThereIsNothingToRecoverFrom() {
        hitsEverySlice(0, 5_000);
        dip(500, 1_000);
        assertThat(log.staysAbove(0.9, 1_000, 5_000)).isEqualTo(1_000);
    }

    @Test
    void whatNeverRecoversOrIsSilentIsLowToTheEnd() {
        hitsEverySlice(0, 3_000);
        assertThat(log.staysAbove(0.9, 0, 5_000)).isEqualTo(5_000);
    }

    private void hitsEverySlice(int from, int to) {
        for (int millis = from; millis < to; millis += RequestLog.SLICE_MILLIS) {
            log.hit(millis);
        }
    }

    private void dip(int from, int to) {
        for (int millis = from; millis < to; millis += RequestLog.SLICE_MILLIS) {
            log.miss(millis);
        }
    }
}
