package io.sluice.sync.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.sluice.config.Secret;
import io.sluice.mapping.FanOut;
import io.sluice.mapping.KeyQuery;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import io.sluice.sync.again.FakeSink;
import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.metrics.SyncMetrics;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What fan-outs come to, with a source that says what a test wants. */
final class FanOutsTest {
    private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String P1 = UUID + ":1-17";
    private static final String P2 = UUID + ":1-20";
    private static final KeyQuery QUERY =
            Rules.parse("rules.yaml", """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://127.0.0.1/app", username: u }
            groups:
              courses-of: { source: app, key: "{student_id}" }
            invalidate:
              - table: app.courses
                keys:
                  - { group: courses-of, key: "{student_id}", query: "SELECT student_id FROM e WHERE course_id = :id" }
            """, Map.of()).fanOuts().getFirst().query();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final SyncMetrics metrics = new SyncMetrics(registry);
    private final FakeSink sink = new FakeSink();
    private final FakeFinder finder = new FakeFinder();
    private final SecondRemovals removals = SecondRemovals.start(sink, 100, Duration.ZERO, metrics);
    private final AtomicInteger done = new AtomicInteger();
    private final List<FanOuts> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(FanOuts::close);
        removals.close();
    }

    private FanOuts fanOuts(Duration timeout, int connections, int queue) {
        FanOuts fanOuts = new FanOuts(
                new FanOutSettings(10, timeout, connections, queue, Duration.ofSeconds(1), null, Secret.NONE),
                (Source source) -> finder,
                removals,
                metrics);
        open.add(fanOuts);
        return fanOuts;
    }

    private FanOuts fanOuts() {
        return fanOuts(Duration.ofSeconds(30), 1, 10);
    }

    private static FanOutRequest request(String course, String position) {
        return new FanOutRequest("courses-of", new FanOut(QUERY, List.of(course)), position, Duration.ZERO);
    }

    private void submit(FanOuts fanOuts, String course, String position) {
        fanOuts.submit(request(course, position), done::incrementAndGet);
    }

    private void awaitDone(int count) {
        await().untilAsserted(() -> assertThat(done).hasValue(count));
    }

    private double counted(String outcome) {
        return registry.scrape("sluice_sync_fan_outs"::equals).stream()
                .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
                .filter(point -> outcome.equals(point.getLabels().get("outcome")))
                .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                .sum();
    }

    @Test
    void theKeysThatAreFoundAreRemovedAtThePositionOfTheChange() {
        finder.source = (fanOut, position) -> new Found.Keys(List.of("7", "8"));
        sink.hold();
        submit(fanOuts(), "3", P1);
        await().untilAsserted(() -> assertThat(sink.removals())
                .containsExactly(Removal.ofKey("courses-of", "7", P1), Removal.ofKey("courses-of", "8", P1)));
        assertThat(done).hasValue(0);
        sink.finish();
        assertThat(done).hasValue(1);
        assertThat(finder.asked()).containsExactly("[3]@" + P1);
        assertThat(counted("keys")).isEqualTo(1);
    }

    @Test
    void nothingFoundIsDone() {
        submit(fanOuts(), "3", P1);
        awaitDone(1);
        assertThat(sink.removals()).isEmpty();
    }

    @Test
    void aSourceThatDoesNotShowTheChangeInTimeClearsTheGroup() {
        finder.source = (fanOut, position) -> new Found.Everything(Found.Reason.NOT_COVERED, "");
        submit(fanOuts(), "3", P1);
        awaitDone(1);
        assertThat(sink.removals()).containsExactly(Removal.ofGroup("courses-of", P1));
        assertThat(counted("not_covered")).isEqualTo(1);
    }

    @Test
    void withoutAPositionTheGroupIsClearedAndNobodyAsked() {
        submit(fanOuts(), "3", "");
        awaitDone(1);
        assertThat(sink.removals()).containsExactly(Removal.ofGroup("courses-of", ""));
        assertThat(finder.asked()).isEmpty();
    }

    @Test
    void aSourceThatIsAwayForAMomentIsAskedAgain() {
        AtomicInteger failures = new AtomicInteger(3);
        finder.source = (fanOut, position) -> {
            if (failures.getAndDecrement() > 0) {
                throw new SQLException("Communications link failure", "08S01");
            }
            return new Found.Keys(List.of("7"));
        };
        submit(fanOuts(), "3", P1);
        awaitDone(1);
        assertThat(sink.removals()).containsExactly(Removal.ofKey("courses-of", "7", P1));
        assertThat(finder.asked()).hasSize(4);
    }

    @Test
    void aSourceThatIsAwayForLongClearsTheGroupForAllThatWait() {
        finder.source = (fanOut, position) -> {
            throw new SQLException("Communications link failure", "08S01");
        };
        FanOuts fanOuts = fanOuts(Duration.ofMillis(100), 1, 10);
        for (int course = 0; course < 10; course++) {
            submit(fanOuts, Integer.toString(course), P1);
        }
        assertThat(fanOuts.waiting()).isPositive();
        awaitDone(10);
        assertThat(sink.removals()).hasSize(10).containsOnly(Removal.ofGroup("courses-of", P1));
        // Only the first was tried for as long as it may; the others had waited that long.
        assertThat(counted("unreachable") + counted("too_late")).isEqualTo(10);
    }

    @Test
    void whatTheSourceRefusesIsNotTriedAgain() {
        finder.source = (fanOut, position) -> {
            throw new SQLSyntaxErrorException("SELECT command denied", "42000", 1142);
        };
        submit(fanOuts(), "3", P1);
        awaitDone(1);
        assertThat(sink.removals()).containsExactly(Removal.ofGroup("courses-of", P1));
        assertThat(finder.asked()).hasSize(1);
        assertThat(counted("refused")).isEqualTo(1);
    }

    @Test
    void equalOnesThatWaitAreAskedOnceAtAPositionThatCoversBoth() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        finder.source = (fanOut, position) -> {
            asked.countDown();
            awaitQuietly(answer);
            return new Found.Keys(fanOut.parameters().contains("3") ? List.of("7") : List.of());
        };
        FanOuts fanOuts = fanOuts();
        submit(fanOuts, "1", P1);
        asked.await();
        submit(fanOuts, "3", P1);
        submit(fanOuts, "3", P2);
        submit(fanOuts, "3", P1);
        assertThat(fanOuts.waiting()).isEqualTo(1);
        answer.countDown();
        awaitDone(4);
        assertThat(finder.asked()).containsExactly("[1]@" + P1, "[3]@" + P2);
        assertThat(sink.removals()).containsExactly(Removal.ofKey("courses-of", "7", P2));
        assertThat(counted("joined")).isEqualTo(2);
    }

    @Test
    void aFullQueueClearsTheGroupAndPausesBeforeItIsFull() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        finder.source = (fanOut, position) -> {
            asked.countDown();
            awaitQuietly(answer);
            return new Found.Keys(List.of());
        };
        FanOuts fanOuts = fanOuts(Duration.ofSeconds(30), 1, 4);
        submit(fanOuts, "0", P1);
        asked.await();
        submit(fanOuts, "1", P1);
        assertThat(fanOuts.isFull()).isFalse();
        submit(fanOuts, "2", P1);
        assertThat(fanOuts.isFull()).isTrue();
        submit(fanOuts, "3", P1);
        submit(fanOuts, "4", P1);
        assertThat(sink.removals()).isEmpty();
        submit(fanOuts, "5", P1);
        assertThat(sink.removals()).containsExactly(Removal.ofGroup("courses-of", P1));
        assertThat(counted("queue_full")).isEqualTo(1);
        answer.countDown();
        awaitDone(6);
        assertThat(fanOuts.isFull()).isFalse();
    }

    @Test
    void closedItTellsNobodyAndEndsItsThreads() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        finder.source = (fanOut, position) -> {
            asked.countDown();
            throw new SQLException("Communications link failure", "08S01");
        };
        FanOuts fanOuts = fanOuts();
        submit(fanOuts, "3", P1);
        asked.await();
        fanOuts.close();
        assertThat(done).hasValue(0);
        assertThat(sink.removals()).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
