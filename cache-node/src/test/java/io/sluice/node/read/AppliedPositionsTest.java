package io.sluice.node.read;

import static io.sluice.cluster.RingState.ACTIVE;
import static io.sluice.cluster.RingState.ANNOUNCED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.cluster.TopologyDocument;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.AppliedPositions.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AppliedPositionsTest {
    private static final AppliedPosition.Partition ONLY = new AppliedPosition.Partition("changes", 0);
    private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final Member SELF = Member.of("n1", "127.0.0.1", 1);
    private static final Member OTHER = Member.of("n2", "127.0.0.1", 2);

    private final AppliedPositions applied = new AppliedPositions(() -> new Moment(0, 0), new StalenessBounds());

    @Test
    void nothingCountsBeforeARingIsActive() {
        applied.adopt(topology(3, ring(1, ANNOUNCED, SELF)));
        assertThat(told(3, 9)).isEqualTo(Outcome.IGNORED);
        applied.adopt(topology(4, ring(1, ACTIVE, SELF)));
        assertThat(told(4, 9)).isEqualTo(Outcome.TAKEN);
        assertThat(position()).isEqualTo(upTo(9));
    }

    @Test
    void whatIsToldByATopologyFromBeforeTheActiveRingDoesNotCount() {
        applied.adopt(topology(4, ring(1, ACTIVE, SELF, OTHER)));
        applied.adopt(topology(7, ring(2, ACTIVE, SELF)));
        assertThat(told(6, 9)).isEqualTo(Outcome.IGNORED);
        assertThat(position().isUnknown()).isTrue();
        assertThat(told(7, 9)).isEqualTo(Outcome.TAKEN);
    }

    @Test
    void allIsForgottenWhenAnotherRingBecomesActiveAndNothingWhenOneIsAnnounced() {
        applied.adopt(topology(4, ring(1, ACTIVE, SELF, OTHER)));
        told(4, 9);
        applied.adopt(topology(5, ring(1, ACTIVE, SELF, OTHER), ring(2, ANNOUNCED, SELF)));
        assertThat(position()).isEqualTo(upTo(9));
        applied.adopt(topology(6, ring(2, ACTIVE, SELF)));
        assertThat(position().isUnknown()).isTrue();
    }

    @Test
    void sourcesOfOthersAndUnknownPositionsDoNotCount() {
        applied.adopt(topology(4, ring(1, ACTIVE, SELF)));
        SourcePosition none = SourcePosition.UNKNOWN;
        assertThat(applied.told("other", ONLY, 1, upTo(9), none, 4, Set.of("app")))
                .isEqualTo(Outcome.IGNORED);
        assertThat(applied.told("app", ONLY, 1, none, none, 4, Set.of("app"))).isEqualTo(Outcome.IGNORED);
    }

    private Outcome told(long revision, long last) {
        return applied.told("app", ONLY, 1, upTo(last), SourcePosition.UNKNOWN, revision, Set.of("app"));
    }

    private SourcePosition position() {
        return applied.of("app").now().position();
    }

    private static SourcePosition upTo(long last) {
        return SourcePosition.parse(UUID + ":1-" + last);
    }

    private static RingRecord ring(long id, RingState state, Member... members) {
        return new RingRecord(id, state, List.of(members), Map.of(), "");
    }

    private static Topology topology(long revision, RingRecord... rings) {
        return Topology.of(revision, new TopologyDocument(9, List.of(rings), List.of()), 2);
    }
}
