package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.ClusterView;
import io.sluice.cluster.Confirmation;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.TopologyDocument;
import io.sluice.coherence.SourcePosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingReportTest {
    private static final String GTIDS = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57";
    private static final Member N1 = Member.of("n1", "10.0.0.1", 7400).withIncarnation(5);
    private static final Member N2 = Member.of("n2", "10.0.0.2", 7400).withIncarnation(9);
    private static final Member N2_BEFORE = N2.withIncarnation(6);

    @Test
    void showsTheRingsAndWhoHasConfirmedThem() {
        ClusterView changing = view(new TopologyDocument(
                20,
                List.of(
                        new RingRecord(7, RingState.CLOSING, List.of(N1, N2_BEFORE), Map.of(), ""),
                        new RingRecord(
                                12, RingState.ACTIVE, List.of(N1), Map.of("app", SourcePosition.parse(GTIDS)), ""),
                        new RingRecord(20, RingState.ANNOUNCED, List.of(N1, N2), Map.of(), "s1@3"))));

        assertThat(RingReport.isSettled(changing)).isFalse();
        assertThat(RingReport.text(changing)).isEqualTo("""
                topology revision 43, coordinator n1@5
                ring 7 closing
                  node n1@5 10.0.0.1:7400, confirmed
                  node n2@6 10.0.0.2:7400, gone
                ring 12 active
                  node n1@5 10.0.0.1:7400
                  floor app 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57
                ring 20 announced
                  node n1@5 10.0.0.1:7400
                  node n2@9 10.0.0.2:7400, leaving
                  sync s1 has confirmed
                  sync s2 has not confirmed yet
                  floors are being read by s1@3
                registered nodes: n1 n2
                registered sync instances: s1 s2
                malformed: members/bad: it is not JSON""");
        assertThat(RingReport.json(changing))
                .contains("\"revision\":43", "\"state\":\"closing\"", "\"confirmedBySyncs\":[\"s1\"]")
                .contains("\"name\":\"n2\",\"incarnation\":6,\"address\":\"10.0.0.2:7400\",\"registered\":false");
    }

    @Test
    void clusterWithOneActiveRingIsSettled() {
        assertThat(RingReport.isSettled(view(new TopologyDocument(
                        7, List.of(new RingRecord(7, RingState.ACTIVE, List.of(N1), Map.of(), ""))))))
                .isTrue();
        assertThat(RingReport.isSettled(view(null))).isFalse();
        assertThat(RingReport.text(view(null))).contains("no ring yet");
    }

    private static ClusterView view(@Nullable TopologyDocument document) {
        return new ClusterView(
                50,
                document,
                43,
                "n1@5",
                Map.of("n1", N1, "n2", N2),
                Set.of("n2"),
                Map.of("s1", 3L, "s2", 4L),
                Map.of("n1", new Confirmation(5, 43, Set.of(7L))),
                Map.of("s1", new Confirmation(3, 43, Set.of(20L)), "s2", new Confirmation(1, 40, Set.of(20L))),
                Map.of(),
                Map.of("members/bad", "it is not JSON"));
    }
}
