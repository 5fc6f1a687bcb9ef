package io.sluice.bench.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.store.policy.PolicyKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replays of small traces made up here. */
final class ReplayTest {
    @Test
    void optLetsTheOneGoThatIsAskedForLast() {
        assertThat(new OptReplay().hits(Traces.loop(3, 2), 2)).isEqualTo(2);
        assertThat(new OptReplay().hits(Traces.loop(11, 10), 11)).isEqualTo(99);
        assertThat(new OptReplay().hits(Traces.loop(11, 10), 0)).isZero();
    }

    @Test
    void optIsAsGoodAsTryingEverything() {
        for (int seed = 0; seed < 200; seed++) {
            Trace trace = Traces.skewed(seed, 12);
            for (int size = 1; size < 4; size++) {
                assertThat(new OptReplay().hits(trace, size))
                        .as("seed %d size %d", seed, size)
                        .isEqualTo(best(trace, 0, Set.of(), size, new HashMap<>()));
            }
        }
    }

    /** The most hits from a request on, by trying every victim. */
    private static int best(
            Trace trace,
            int request,
            Set<Integer> held,
            int size,
            Map<Map.Entry<Integer, Set<Integer>>, Integer> known) {
        if (request == trace.length()) {
            return 0;
        }
        int key = trace.key(request);
        if (held.contains(key)) {
            return 1 + best(trace, request + 1, held, size, known);
        }
        Map.Entry<Integer, Set<Integer>> state = Map.entry(request, held);
        Integer before = known.get(state);
        if (before != null) {
            return before;
        }
        int most = 0;
        if (held.size() < size) {
            Set<Integer> next = new HashSet<>(held);
            next.add(key);
            most = best(trace, request + 1, Set.copyOf(next), size, known);
        } else {
            for (Integer victim : held) {
                Set<Integer> next = new HashSet<>(held);
                next.remove(victim);
                next.add(key);
                most = Math.max(most, best(trace, request + 1, Set.copyOf(next), size, known));
            }
        }
        known.put(state, most);
        return most;
    }

    @Test
    void optBoundsEveryPolicyAndLruNeverLosesByGrowing() {
        for (int seed = 0; seed < 5; seed++) {
            Trace trace = Traces.skewed(seed, 5_000);
            long smaller = 0;
            for (int size = 1; size < 60; size += 3) {
                long opt = new OptReplay().hits(trace, size);
                for (Replay replay : TraceBench.allReplays(1)) {
                    assertThat(replay.hits(trace, size)).as(replay.name()).isBetween(0L, opt);
                }
                long lru = new PolicyReplay(PolicyKind.LRU, 1).hits(trace, size);
                assertThat(lru).isGreaterThanOrEqualTo(smaller);
                smaller = lru;
            }
        }
    }

    @Test
    void aReplayOfOurPoliciesIsTheSameEachTime() {
        Trace trace = Traces.skewed(1, 5_000);
        for (PolicyKind kind : PolicyKind.values()) {
            Replay replay = new PolicyReplay(kind, 4);
            assertThat(replay.hits(trace, 20)).as(replay.name()).isEqualTo(replay.hits(trace, 20));
        }
    }

    @Test
    void segmentsShareTheCapacityAndNeverExceedIt() {
        Trace loop = Traces.loop(64, 10);
        assertThat(new PolicyReplay(PolicyKind.LRU, 4).hits(loop, 64 * 4)).isEqualTo(9 * 64);
        assertThat(new PolicyReplay(PolicyKind.LRU, 64).hits(loop, 3)).isLessThanOrEqualTo(9 * 3);
        assertThatThrownBy(() -> new PolicyReplay(PolicyKind.LRU, 3)).hasMessageContaining("power of two");
    }

    /** Not W-TinyLFU: its window, a hundredth, is a fraction of an entry in bytes and one entry in entries. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "W_TINYLFU")
    void aStoreOfOneSegmentHitsExactlyAsItsPolicyAlone(PolicyKind kind) {
        Trace trace = Traces.skewed(2, 5_000);
        assertThat(new StoreReplay(kind, 1).hits(trace, 40)).isEqualTo(new PolicyReplay(kind, 1).hits(trace, 40));
    }

    @Test
    void lendingMakesUpForKeysThatCrowdInOneSegment() {
        Trace trace = Traces.crowded(16, 60_000);
        for (PolicyKind kind : PolicyKind.values()) {
            long together = new PolicyReplay(kind, 1).hits(trace, 400);
            long apart = new PolicyReplay(kind, 16).hits(trace, 400);
            long lending = new StoreReplay(kind, 16).hits(trace, 400);
            assertThat(apart).as(kind.toString()).isLessThan(together / 2);
            assertThat(lending).as(kind.toString()).isGreaterThan(together * 3 / 4);
        }
    }

    @Test
    void anUnknownPolicyIsAnErrorThatListsTheNames() {
        assertThat(TraceBench.replay("opt", 1).name()).isEqualTo("opt");
        assertThatThrownBy(() -> TraceBench.replay("best", 1))
                .hasMessage("no policy is called 'best': use one of "
                        + "lru, lfu, fifo, arc, s3-fifo, w-tinylfu, caffeine, opt");
    }
}
