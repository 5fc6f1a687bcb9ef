package io.sluice.sync.lost;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import io.sluice.sync.lost.PartitionHistory.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PartitionHistoryTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "f0000000-0000-0000-8000-00000000000b";
    private static final int HISTORIES = 300;

    private final PartitionHistory history = new PartitionHistory();

    @Test
    void whatGrowsWithGapsAndJumpsGoesOn() {
        assertThat(history.next(A + ":1-5")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-6")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-900")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-900")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-901:905")).isEqualTo(Step.ON);
        assertThat(history.next("")).isEqualTo(Step.ON);
        assertThat(history.highest()).isEqualTo(SourcePosition.parse(A + ":1-901:905"));
    }

    @Test
    void aReplayIsAReplayUntilItIsOver() {
        history.next(A + ":1-900");
        assertThat(history.next(A + ":1-700")).isEqualTo(Step.BACK);
        assertThat(history.next(A + ":1-701")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-650")).isEqualTo(Step.ON);
        assertThat(history.highest()).isEqualTo(SourcePosition.parse(A + ":1-900"));
        assertThat(history.next(A + ":1-902")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-903")).isEqualTo(Step.ON);
        assertThat(history.highest()).isEqualTo(SourcePosition.parse(A + ":1-903"));
    }

    @Test
    void whatGrowsBeyondAReplayWithoutWhatWasSeenBeforeIsOfAnotherHistory() {
        history.next(A + ":1-900," + B + ":1-3");
        assertThat(history.next(A + ":1-700")).isEqualTo(Step.BACK);
        assertThat(history.next(A + ":1-900")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-901")).isEqualTo(Step.ASIDE);
        assertThat(history.next(A + ":1-902")).isEqualTo(Step.ON);
    }

    @Test
    void aHoleIsOfAnotherHistory() {
        history.next(A + ":1-900");
        assertThat(history.next(A + ":1-700:905-910")).isEqualTo(Step.ASIDE);
    }

    @Test
    void anotherServerIsTold() {
        history.next(A + ":1-900");
        assertThat(history.next(A + ":1-900," + B + ":1")).isEqualTo(Step.ON_BY_ANOTHER_SERVER);
        assertThat(history.next(A + ":1-900," + B + ":1-2")).isEqualTo(Step.ON);
    }

    @Test
    void transactionsThatAreNamedAloneTellNothing() {
        assertThat(history.next(A + ":5")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":9")).isEqualTo(Step.ON);
        assertThat(history.next(B + ":2")).isEqualTo(Step.ON);
        assertThat(history.highest().isUnknown()).isTrue();
    }

    @Test
    void whenItBeginsAnewTheNextIsComparedWithNothing() {
        history.next(A + ":1-900");
        history.beginAnew();
        assertThat(history.highest().isUnknown()).isTrue();
        assertThat(history.next(A + ":1-3," + B + ":1-2")).isEqualTo(Step.ON);
        assertThat(history.next(A + ":1-4")).isEqualTo(Step.ASIDE);
    }

    /** One history of several servers, read with jumps and replays from anywhere: never an alarm. */
    @Test
    void noReplayAndNoJumpOfOneHistoryIsTakenForALoss() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<String> positions = positions(random, SourcePosition.parse(A + ":1-9"));
            PartitionHistory one = new PartitionHistory();
            int at = 0;
            for (int i = 0; i < 200; i++) {
                Step step = one.next(positions.get(at));
                assertThat(step).as("seed %d, step %d", seed, i).isNotEqualTo(Step.ASIDE);
                at = switch (random.nextInt(20)) {
                    case 0 -> random.nextInt(positions.size());
                    case 1 -> Math.min(positions.size() - 1, at + random.nextInt(20));
                    default -> Math.min(positions.size() - 1, at + 1);
                };
            }
        }
    }

    /** Two histories that part, the second read after the first: an alarm before what both have is exceeded. */
    @Test
    void aHistoryThatPartsFromTheOneBeforeIsAlwaysNoticed() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            List<String> common = positions(random, SourcePosition.parse(A + ":1-9"));
            SourcePosition fork = SourcePosition.parse(common.getLast());
            List<String> first = positions(random, fork.union(SourcePosition.parse(A + ":1000001")));
            List<String> second = positions(random, fork.union(SourcePosition.parse(A + ":2000001")));
            PartitionHistory one = new PartitionHistory();
            common.forEach(one::next);
            first.forEach(one::next);
            // From somewhere before the fork, as after a restart of who publishes.
            List<Step> steps = new ArrayList<>();
            common.subList(random.nextInt(common.size()), common.size()).forEach(text -> steps.add(one.next(text)));
            second.forEach(text -> steps.add(one.next(text)));
            assertThat(steps).as("seed %d", seed).containsOnlyOnce(Step.ASIDE);
        }
    }

    /** Ascending, from one that is covered by all. */
    private static List<String> positions(Random random, SourcePosition from) {
        List<String> positions = new ArrayList<>(List.of(from.toString()));
        SourcePosition now = from;
        int[] last = {10, 0};
        while (positions.size() < 60) {
            int server = random.nextInt(10) == 0 ? 1 : 0;
            last[server] += random.nextInt(10) == 0 ? 3 : 1;
            now = now.union(SourcePosition.parse((server == 0 ? A : B) + ":" + last[server]));
            if (!now.toString().equals(positions.getLast())) {
                positions.add(now.toString());
            }
        }
        return positions;
    }
}
