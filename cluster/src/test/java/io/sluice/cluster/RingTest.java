package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingTest {
    /** Member "m20" stands at 20. */
    private static final PointHash READABLE = (name, index) -> Long.parseLong(name.substring(1)) + 1_000L * index;

    private final Member m10 = Member.of("m10", "h", 1);
    private final Member m20 = Member.of("m20", "h", 2);
    private final Member m30 = Member.of("m30", "h", 3);
    private final Ring ring = Ring.of(List.of(m30, m10, m20), 1, READABLE);

    @Test
    void ownerIsTheFirstMemberAtOrAfterTheHash() {
        assertThat(ring.owner(11)).isEqualTo(m20);
        assertThat(ring.owner(20)).isEqualTo(m20);
        assertThat(ring.owner(21)).isEqualTo(m30);
    }

    @Test
    void wrapsAround() {
        assertThat(ring.owner(31)).isEqualTo(m10);
        assertThat(ring.owner(Long.MAX_VALUE)).isEqualTo(m10);
        assertThat(ring.owner(Long.MIN_VALUE)).isEqualTo(m10);
    }

    @Test
    void holdersAreDistinctAndInClockwiseOrder() {
        assertThat(ring.holders(15, 2)).containsExactly(m20, m30);
        assertThat(ring.holders(25, 3)).containsExactly(m30, m10, m20);
        assertThat(Ring.of(List.of(m10, m20), 50, READABLE).holders(5, 2)).containsExactly(m10, m20);
    }

    @Test
    void holdersAreAsManyAsThereAreMembers() {
        assertThat(ring.holders(15, 9)).containsExactly(m20, m30, m10);
    }

    @Test
    void emptyRingHasNoOwner() {
        Ring empty = Ring.of(List.of(), 8);

        assertThat(empty.owner(1)).isNull();
        assertThat(empty.holders(1, 2)).isEmpty();
    }

    @Test
    void replicasPreferZonesThatHoldNoCopyYet() {
        Member a1 = new Member("m10", "h", 1, 0, 1, "a");
        Member a2 = new Member("m20", "h", 1, 0, 1, "a");
        Member b1 = new Member("m30", "h", 1, 0, 1, "b");
        Ring zoned = Ring.of(List.of(a1, a2, b1), 1, READABLE);

        assertThat(zoned.holders(5, 2)).containsExactly(a1, b1);
        assertThat(zoned.holders(5, 3)).containsExactly(a1, b1, a2);
    }

    @Test
    void oneZoneForAllStillGivesReplicas() {
        Member a1 = new Member("m10", "h", 1, 0, 1, "a");
        Member a2 = new Member("m20", "h", 1, 0, 1, "a");

        assertThat(Ring.of(List.of(a1, a2), 1, READABLE).holders(15, 2)).containsExactly(a2, a1);
    }

    @Test
    void twoMembersAtOnePlaceAreOrderedByName() {
        Ring forwards = Ring.of(List.of(m10, m20), 1, (name, index) -> 7);
        Ring backwards = Ring.of(List.of(m20, m10), 1, (name, index) -> 7);

        assertThat(forwards.owner(7)).isEqualTo(m10);
        assertThat(backwards.owner(7)).isEqualTo(m10);
        assertThat(backwards.holders(8, 2)).containsExactly(m10, m20);
    }

    @Test
    void doesNotDependOnTheOrderOfMembersOrTheirIncarnations() {
        List<Member> members = new ArrayList<>(RingDistributionTest.members(7));
        Ring one = Ring.of(members, 64);
        Collections.shuffle(members, new Random(1));
        Ring other = Ring.of(members.stream().map(m -> m.withIncarnation(9)).toList(), 64);

        new Random(2)
                .longs(1_000)
                .forEach(hash -> assertThat(other.holders(hash, 3).stream().map(Member::name))
                        .isEqualTo(
                                one.holders(hash, 3).stream().map(Member::name).toList()));
    }

    @Test
    void isTheSameOnEveryMachineAndInEveryVersion() {
        Ring golden = Ring.of(RingDistributionTest.members(5), Ring.DEFAULT_VIRTUAL_NODES);
        StringBuilder owners = new StringBuilder();
        for (int key = 0; key < 20; key++) {
            golden.holders(KeyHash.of("student", "" + key), 2)
                    .forEach(holder -> owners.append(holder.name().charAt(5)));
            owners.append(' ');
        }

        assertThat(owners).hasToString("52 25 14 35 25 41 53 34 41 42 31 12 43 42 15 23 41 54 45 24 ");
    }

    @Test
    void refusesTwoMembersOfOneName() {
        assertThatThrownBy(() -> Ring.of(List.of(m10, Member.of("m10", "other", 9)), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two members have the name m10");
    }
}
