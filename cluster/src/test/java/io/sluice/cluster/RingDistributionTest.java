package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RingDistributionTest {
    private static final int KEYS = 1_000_000;

    static List<Member> members(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> Member.of("node-" + i, "127.0.0.1", 7_000 + i))
                .toList();
    }

    @Test
    void fullestOfTenEqualMembersHoldsAtMostATenthMoreThanTheMean() {
        Map<String, Integer> keys = keysByOwner(Ring.of(members(10), Ring.DEFAULT_VIRTUAL_NODES));

        assertThat(keys.values()).allMatch(count -> count <= KEYS / 10 * 1.10 && count >= KEYS / 10 * 0.90);
    }

    @Test
    void memberOfTwiceTheWeightHoldsTwiceTheKeys() {
        List<Member> members = new ArrayList<>(members(4));
        members.add(new Member("big", "127.0.0.1", 1, 0, 2, ""));

        int big = keysByOwner(Ring.of(members, Ring.DEFAULT_VIRTUAL_NODES)).getOrDefault("big", 0);

        assertThat((double) big).isBetween(KEYS / 3.0 * 0.9, KEYS / 3.0 * 1.1);
    }

    @Test
    void joiningMemberTakesItsShareAndNothingElseMoves() {
        Ring before = Ring.of(members(9), Ring.DEFAULT_VIRTUAL_NODES);
        Ring after = Ring.of(members(10), Ring.DEFAULT_VIRTUAL_NODES);
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            long hash = KeyHash.of("g", "" + key);
            Member owner = Objects.requireNonNull(after.owner(hash));
            if (!owner.equals(before.owner(hash))) {
                assertThat(owner.name()).isEqualTo("node-10");
                moved++;
            }
        }

        assertThat((double) moved).isBetween(KEYS / 10 * 0.9, KEYS / 10 * 1.1);
    }

    @Test
    void leavingOwnerIsFollowedByItsReplica() {
        Ring before = Ring.of(members(10), 64);
        Ring after = Ring.of(members(9), 64);
        for (int key = 0; key < 10_000; key++) {
            long hash = KeyHash.of("g", "" + key);
            List<Member> holders = before.holders(hash, 2);
            Member heir = holders.get(0).name().equals("node-10") ? holders.get(1) : holders.get(0);

            assertThat(after.owner(hash)).isEqualTo(heir);
        }
    }

    private static Map<String, Integer> keysByOwner(Ring ring) {
        Map<String, Integer> keys = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            Member owner = Objects.requireNonNull(ring.owner(KeyHash.of("student", "" + key)));
            keys.merge(owner.name(), 1, Integer::sum);
        }
        return keys;
    }
}
