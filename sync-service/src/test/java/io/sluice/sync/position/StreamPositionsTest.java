package io.sluice.sync.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.SourcePosition;
import io.sluice.sync.heartbeat.Echoes;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.lost.Trust;
import io.sluice.sync.position.StreamPositions.Passed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StreamPositionsTest {
    private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String LOST = "f0000000-0000-0000-8000-00000000000b:7";
    private static final Partition FIRST = new Partition("changes", 0);

    private final List<Passed> told = new ArrayList<>();
    private final Map<Long, Echoes.Echo> own = new HashMap<>();
    private boolean trusted = true;
    private SourcePosition phantoms = SourcePosition.UNKNOWN;
    private long now;

    private StreamPositions positions(StreamTopics topics) {
        return new StreamPositions(
                source -> source.equals("app") ? (heartbeat, partition) -> own.get(heartbeat.beat()) : null,
                new Trust() {
                    @Override
                    public boolean isTrusted(String source) {
                        return trusted;
                    }

                    @Override
                    public SourcePosition phantoms(String source) {
                        return phantoms;
                    }
                },
                topics,
                told::add,
                () -> now);
    }

    @Test
    void whatWasPassedIsToldWithTheNumberOfPartitions() {
        StreamPositions positions = positions(new StreamTopics(Map.of(), "app"));
        positions.consumes(Set.of(FIRST), Map.of("changes", 2, "more", 3));
        positions.passed(beat("app", 1), FIRST, UUID + ":1-9", 7);

        assertThat(told)
                .containsExactly(new Passed(
                        "app", FIRST, 5, SourcePosition.parse(UUID + ":1-9"), SourcePosition.UNKNOWN, 7, true));
    }

    @Test
    void nodesAreAskedWhatTheyDemandWithTheFirstPositionAndThenNowAndThen() {
        StreamPositions positions = positions(new StreamTopics(Map.of(), "app"));
        positions.consumes(Set.of(FIRST), Map.of("changes", 2));
        for (long step : new long[] {0, 1, 2, 3}) {
            now = StreamPositions.ASK_EVERY.toNanos() * step / 2;
            positions.passed(beat("app", step), FIRST, UUID + ":1-9", 7);
        }

        assertThat(told).extracting(Passed::tellDemanded).containsExactly(true, false, true, false);
        assertThat(told).extracting(one -> one.toRequest().getTellDemanded()).containsExactly(true, false, true, false);
    }

    @Test
    void nothingIsToldWhileTheNumberOfPartitionsOrTheSourceIsNotKnown() {
        StreamPositions positions = positions(new StreamTopics(Map.of(), "app"));
        positions.consumes(Set.of(FIRST), Map.of());
        positions.passed(beat("app", 1), FIRST, UUID + ":1-9", 7);
        positions.consumes(Set.of(FIRST), Map.of("changes", 2));
        positions.passed(beat("other", 1), FIRST, UUID + ":1-9", 7);
        positions.passed(beat("app", 1), FIRST, "", 7);

        assertThat(told).isEmpty();
    }

    @Test
    void ofSeveralSourcesOnlyThoseWhoseTopicsAreKnownAreTold() {
        StreamPositions positions = positions(new StreamTopics(Map.of("app", Set.of("changes")), ""));
        positions.consumes(Set.of(FIRST, new Partition("more", 0)), Map.of("changes", 2, "more", 3));
        positions.passed(beat("app", 1), FIRST, UUID + ":1-9", 7);

        assertThat(told)
                .hasSize(1)
                .first()
                .satisfies(one -> assertThat(one.partitions()).isEqualTo(2));
        assertThat(positions.assigned("app")).containsExactly(FIRST);
        assertThat(positions(new StreamTopics(Map.of(), "")).assigned("app")).isEmpty();
    }

    @Test
    void phantomsAreToldWithEveryPosition() {
        StreamPositions positions = positions(new StreamTopics(Map.of(), "app"));
        positions.consumes(Set.of(FIRST), Map.of("changes", 1));
        phantoms = SourcePosition.parse(LOST);

        positions.passed(beat("app", 1), FIRST, UUID + ":1-9," + LOST, 7);
        positions.passed(beat("app", 2), FIRST, UUID + ":1-11," + LOST, 7);

        assertThat(told).hasSize(2).extracting(Passed::phantoms).containsOnly(SourcePosition.parse(LOST));
    }

    @Test
    void nothingIsToldWhileChangesMayHaveBeenPassedOver() {
        StreamPositions positions = positions(new StreamTopics(Map.of(), "app"));
        positions.consumes(Set.of(FIRST), Map.of("changes", 1));
        trusted = false;
        positions.passed(beat("app", 1), FIRST, UUID + ":1-9", 7);
        assertThat(told).isEmpty();

        trusted = true;
        positions.passed(beat("app", 2), FIRST, UUID + ":1-11", 7);
        assertThat(told).hasSize(1);
    }

    @Test
    void theLagIsThatOfTheLatestOwnHeartbeatOrHowLongTheNextIsOverdue() {
        StreamPositions positions = positions(new StreamTopics(Map.of(), "app"));
        positions.consumes(Set.of(FIRST), Map.of("changes", 1));
        own.put(1L, new Echoes.Echo(0, SourcePosition.parse(UUID + ":1-10")));
        now = Duration.ofMillis(80).toNanos();
        positions.arrived(beat("app", 1), FIRST, UUID + ":1-9");
        now = Duration.ofMillis(100).toNanos();
        positions.passed(beat("app", 1), FIRST, UUID + ":1-9", 7);

        assertThat(positions.lags(Duration.ofSeconds(1))).containsEntry(FIRST, Duration.ofMillis(100));
        now = Duration.ofSeconds(5).toNanos();
        assertThat(positions.lags(Duration.ofSeconds(1))).containsEntry(FIRST, Duration.ofSeconds(4));
    }

    private static Heartbeat beat(String source, long beat) {
        return new Heartbeat(0, source, "sync-1", beat);
    }
}
