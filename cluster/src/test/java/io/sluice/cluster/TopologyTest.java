package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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
}
