package io.sluice.sync.again;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class SecondRemovalsTest {
    private static final String POSITION = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-17";
    private static final Removal FIRST = Removal.ofKey("price", "1", POSITION);
    private static final Removal SECOND = Removal.ofKey("price", "1", "");
    private static final Duration DELAY = Duration.ofSeconds(2);

    private final FakeSink sink = new FakeSink();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger done = new AtomicInteger();
    private final SyncMetrics metrics = new SyncMetrics(new PrometheusRegistry());
    private final SecondRemovals removals = new SecondRemovals(sink, 2, Duration.ZERO, clock::get, metrics);

    private void submit(Removal removal) {
        removals.submit(removal, DELAY, done::incrementAndGet);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        removals.sendDue();
    }

    @Test
    void whatIsWantedOnceIsHandedInOnce() {
        removals.submit(FIRST, Duration.ZERO, done::incrementAndGet);
        pass(DELAY);
        assertThat(sink.removals()).containsExactly(FIRST);
        assertThat(done).hasValue(1);
    }

    @Test
    void theSecondFollowsTheFirstAfterTheDelayAndCarriesNoPosition() {
        sink.hold();
        submit(FIRST);
        pass(DELAY);
        // Counted from when the holders have the first one, however long that takes.
        assertThat(sink.removals()).containsExactly(FIRST);

        sink.finish();
        assertThat(done).hasValue(1);
        pass(DELAY.minusNanos(1));
        assertThat(sink.removals()).containsExactly(FIRST);
        pass(Duration.ofNanos(1));
        assertThat(sink.removals()).containsExactly(FIRST, SECOND);
    }

    @Test
    void equalOnesAreSentOnceAndNoLaterThanTwoDelays() {
        submit(FIRST);
        pass(DELAY.dividedBy(2));
        submit(FIRST);
        pass(DELAY.dividedBy(2));
        assertThat(sink.removals()).containsExactly(FIRST, FIRST);
        pass(DELAY.dividedBy(2));
        assertThat(sink.removals()).containsExactly(FIRST, FIRST, SECOND);
    }

    @Test
    void aKeyThatChangesAllTheTimeIsRemovedASecondTimeAllTheSame() {
        for (int i = 0; i < 12; i++) {
            submit(FIRST);
            pass(DELAY.dividedBy(2));
        }
        assertThat(sink.removals().stream().filter(SECOND::equals).count()).isBetween(2L, 6L);
        pass(DELAY.multipliedBy(2));
        assertThat(removals.waiting()).isZero();
        assertThat(sink.removals()).last().isEqualTo(SECOND);
    }

    @Test
    void withTooManyWaitingTheWholeGroupGoes() {
        submit(FIRST);
        submit(Removal.ofKey("price", "2", POSITION));
        submit(Removal.ofKey("price", "3", POSITION));
        submit(Removal.ofKey("price", "4", POSITION));
        assertThat(removals.waiting()).isEqualTo(3);
        pass(DELAY);
        assertThat(sink.removals())
                .contains(SECOND, Removal.ofKey("price", "2", ""), Removal.ofGroup("price", ""))
                .doesNotContain(Removal.ofKey("price", "3", ""))
                .hasSize(7);
    }

    @Test
    void theThreadSendsWhatIsDueAndAStopWhatIsNot() {
        SecondRemovals running = SecondRemovals.start(sink, 10, Duration.ofSeconds(10), metrics);
        running.submit(FIRST, Duration.ofMinutes(1), done::incrementAndGet);
        running.submit(Removal.ofKey("price", "2", POSITION), Duration.ofMillis(10), done::incrementAndGet);
        await().untilAsserted(() -> assertThat(sink.removals()).contains(Removal.ofKey("price", "2", "")));
        assertThat(sink.removals()).doesNotContain(SECOND);
        running.close();
        assertThat(sink.removals()).contains(SECOND).hasSize(4);
        assertThat(running.waiting()).isZero();
    }
}
