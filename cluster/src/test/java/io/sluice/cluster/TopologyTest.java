package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final PointHash READABLE = (name, index) -> Long.parseLong(name.substring(1));

    private final Member m10 = Member.of("m10", "h", 1);
    private final Member m20 = Member.of("m20", "h", 2);
    private final Member m30 = Member.of("m30", "h", 3);
    private final List<Member> members = List.of(m30, m10, m20);
    private final Topology topology = Topology.of(5, Ring.of(members, 1, READABLE), members, 2);

    @Test
    void saysWhoHoldsAKey() {
        assertThat(topology.owner(15)).isEqualTo(m20);
        assertThat(topology.holders(15)).containsExactly(m20, m30);
        assertThat(topology.isHolder("m20", 15)).isTrue();
        assertThat(topology.isHolder("m30", 15)).isTrue();
        assertThat(topology.isHolder("m10", 15)).isFalse();
        assertThat(topology.isHolder("unknown", 15)).isFalse();
    }

    @Test
    void agreesWithItsRingEverywhere() {
        List<Member> many = RingDistributionTest.members(6);
        Topology big = Topology.of(1, many, 3);
        Ring ring = Ring.of(many, Ring.DEFAULT_VIRTUAL_NODES);
        for (int key = 0; key < 5_000; key++) {
            long hash = KeyHash.of("g", "" + key);
            assertThat(big.holders(hash)).isEqualTo(ring.holders(hash, 3));
            assertThat(big.owner(hash)).isEqualTo(ring.owner(hash));
        }
    }

    @Test
    void listsMembersByName() {
        assertThat(topology.members()).containsExactly(m10, m20, m30);
        assertThat(topology.member("m20")).isEqualTo(m20);
        assertThat(topology.member("m21")).isNull();
        assertThat(topology.revision()).isEqualTo(5);
    }

    @Test
    void withoutMembersThereIsNoHolder() {
        Topology empty = Topology.of(1, List.of(), 2);

        assertThat(empty.owner(15)).isNull();
        assertThat(empty.holders(15)).isEmpty();
        assertThat(empty.isHolder("m10", 15)).isFalse();
    }

    @Test
    void refusesAReplicationFactorOfNothing() {
        assertThatThrownBy(() -> Topology.of(1, members, 0)).hasMessage("the replication factor is 0: give 1 to 16");
    }

    @Test
    void eachQuestionTakesItsOwnRingsIntoAccount() {
        List<Member> nodes = RingDistributionTest.members(5);
        RingRecord closing = ring(1, RingState.CLOSING, nodes.subList(0, 2));
        RingRecord draining = ring(2, RingState.DRAINING, nodes.subList(0, 3));
        RingRecord active = ring(3, RingState.ACTIVE, nodes.subList(1, 4));
        RingRecord announced = ring(4, RingState.ANNOUNCED, nodes.subList(2, 5));
        Topology changing = Topology.of(9, new TopologyDocument(4, List.of(closing, draining, active, announced)), 2);
        Ring closingRing = Ring.of(closing.members(), Ring.DEFAULT_VIRTUAL_NODES);
        Ring drainingRing = Ring.of(draining.members(), Ring.DEFAULT_VIRTUAL_NODES);
        Ring activeRing = Ring.of(active.members(), Ring.DEFAULT_VIRTUAL_NODES);
        Ring announcedRing = Ring.of(announced.members(), Ring.DEFAULT_VIRTUAL_NODES);
        for (int key = 0; key < 5_000; key++) {
            long hash = KeyHash.of("g", "" + key);
            List<Member> now = activeRing.holders(hash, 2);
            List<Member> before = drainingRing.holders(hash, 2);
            assertThat(changing.holders(hash)).isEqualTo(now);
            assertThat(changing.owner(hash)).isEqualTo(now.get(0));
            assertThat(changing.previousHolders(hash)).isEqualTo(before);
            assertThat(changing.removalHolders(hash))
                    .startsWith(now.toArray(Member[]::new))
                    .containsAll(before)
                    .containsAll(closingRing.holders(hash, 2))
                    .containsAll(announcedRing.holders(hash, 2))
                    .doesNotHaveDuplicates();
            for (Member node : nodes) {
                boolean holds = now.contains(node) || before.contains(node);
                assertThat(changing.mayHold(node.name(), node.incarnation(), hash))
                        .isEqualTo(holds);
                assertThat(changing.mayHold(node.name(), node.incarnation() + 1, hash))
                        .isFalse();
            }
        }
        assertThat(changing.members()).containsExactlyElementsOf(nodes);
        assertThat(changing.activeRing()).isEqualTo(active);
        assertThat(changing.rings()).containsExactly(closing, draining, active, announced);
    }

    @Test
    void listsBothLivesOfANameAndPrefersTheOneThatIsRoutedTo() {
        Member old = m10.withIncarnation(3);
        Member reborn = m10.withIncarnation(8);
        TopologyDocument document = new TopologyDocument(
                2, List.of(ring(1, RingState.ACTIVE, List.of(old)), ring(2, RingState.ANNOUNCED, List.of(reborn))));
        Topology changing = Topology.of(9, document, 2);

        assertThat(changing.members()).containsExactly(old, reborn);
        assertThat(changing.member("m10")).isEqualTo(old);
    }

    @Test
    void untilARingIsActiveNobodyHoldsAnything() {
        Topology first = Topology.of(9, new TopologyDocument(1, List.of(ring(1, RingState.ANNOUNCED, members))), 2);

        assertThat(first.holders(15)).isEmpty();
        assertThat(first.owner(15)).isNull();
        assertThat(first.activeRing()).isNull();
        assertThat(first.mayHold("m20", 0, 15)).isFalse();
        assertThat(first.removalHolders(15)).hasSize(2);
    }

    private static RingRecord ring(long id, RingState state, List<Member> members) {
        return new RingRecord(id, state, members, Map.of(), "");
    }
}
