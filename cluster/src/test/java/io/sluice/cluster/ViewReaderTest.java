package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.EtcdStore.StoredKey;
import io.sluice.coherence.SourcePosition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewReaderTest {
    private static final String GTIDS = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57";
    private final ViewReader reader = new ViewReader();

    private static StoredKey key(String key, String value) {
        return new StoredKey(key, value, 7, 42, 43);
    }

    @Test
    void recordRoundTripsWithTheCreatingRevisionAsIncarnation() {
        Member member = new Member("node-1", "cache-1.example.org", 7400, 0, 3, "a");
        StoredKey staying = key("members/node-1", MemberRecord.encode(member, false));
        StoredKey leaving = key("members/node-1", MemberRecord.encode(member, true));

        assertThat(MemberRecord.decode(staying)).isEqualTo(member.withIncarnation(42));
        assertThat(MemberRecord.isLeaving(staying)).isFalse();
        assertThat(MemberRecord.decode(leaving)).isEqualTo(member.withIncarnation(42));
        assertThat(MemberRecord.isLeaving(leaving)).isTrue();
    }

    @Test
    void documentRoundTrips() {
        List<Member> members = List.of(new Member("n1", "h", 1, 12, 2, "z"), Member.of("n2", "h", 2));
        Map<String, SourcePosition> floors = Map.of("app", SourcePosition.parse(GTIDS));
        TopologyDocument document = new TopologyDocument(
                90,
                List.of(
                        new RingRecord(3, RingState.CLOSING, members, Map.of(), ""),
                        new RingRecord(44, RingState.ACTIVE, members, floors, ""),
                        new RingRecord(71, RingState.ANNOUNCED, List.of(), Map.of(), "s@8")));

        assertThat(TopologyJson.decode(TopologyJson.encode(document))).isEqualTo(document);
    }

    @Test
    void readsEverythingThatStandsInEtcd() {
        TopologyDocument document = new TopologyDocument(0, List.of());
        Map<String, SourcePosition> floors = Map.of("app", SourcePosition.parse(GTIDS));
        ClusterView view = reader.read(
                50,
                List.of(
                        key("topology", TopologyJson.encode(document)),
                        key("coordinator", "n@42"),
                        key("members/n", MemberRecord.encode(Member.of("n", "h", 1), true)),
                        key("syncs/s", "{}"),
                        key("confirmations/members/n", new Confirmation(42, 43, Set.of(5L)).encode()),
                        key("confirmations/syncs/s", new Confirmation(41, 43, Set.of(6L)).encode()),
                        key("floors/s", new RingFloors(42, 6, floors).encode()),
                        key("something/else", "of a later version")));

        assertThat(view)
                .isEqualTo(new ClusterView(
                        50,
                        document,
                        43,
                        "n@42",
                        Map.of("n", Member.of("n", "h", 1).withIncarnation(42)),
                        Set.of("n"),
                        Map.of("s", 42L),
                        Map.of("n", new Confirmation(42, 43, Set.of(5L))),
                        Map.of("s", new Confirmation(41, 43, Set.of(6L))),
                        Map.of("s", new RingFloors(42, 6, floors)),
                        Map.of()));
        assertThat(view.nodeConfirmed("n", 5)).isTrue();
        assertThat(view.nodeConfirmed("n", 6)).isFalse();
        assertThat(view.syncConfirmed("s", 6))
                .as("confirmed by an earlier life")
                .isFalse();
    }

    @Test
    void malformedRecordsAreLeftOutAndNamedAndDoNotThrow() {
        List<String> wrong = List.of(
                "",
                "{",
                "[]",
                "7",
                "null",
                "{}",
                "{\"host\":\"h\"}",
                "{\"host\":\"h\",\"port\":\"1\"}",
                "{\"host\":\"h\",\"port\":99999}",
                "{\"host\":\"h\",\"port\":1,\"weight\":-1}",
                "{\"host\":\"h\",\"port\":1,\"weight\":\"x\",\"zone\":{}}x",
                "x".repeat(10_000));
        for (String value : wrong) {
            for (String key : List.of("members/bad", "confirmations/members/bad", "floors/bad", "topology")) {
                StoredKey good = key("members/good", MemberRecord.encode(Member.of("good", "h", 1), false));
                ClusterView view = reader.read(1, List.of(key(key, value), good));

                assertThat(view.malformed()).as(key + value).containsOnlyKeys(key);
                assertThat(view.members()).containsOnlyKeys("good");
                assertThat(view.document()).isNull();
            }
        }
        assertThat(reader.read(1, List.of(key("members/a/b", "{\"host\":\"h\",\"port\":1}")))
                        .malformed())
                .containsOnlyKeys("members/a/b");
    }
}
