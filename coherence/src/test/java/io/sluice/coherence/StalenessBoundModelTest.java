package io.sluice.coherence;

import static io.sluice.coherence.Positions.A;
import static io.sluice.coherence.Positions.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.AppliedPosition.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The bound of a node beside a primary whose commits are all known, over random schedules: what it says it reflects, it
 * does. The stream has two partitions that lag by different times and stall; polls are slow; the wall clock is set; the
 * primary is demoted, which its clients, unlike the node, learn at once.
 */
final class StalenessBoundModelTest {
    private static final int SEEDS = 2_000;
    private static final int STEPS = 400;

    private final List<Long> committedAt = new ArrayList<>();
    private final AppliedPosition applied = new AppliedPosition();
    private final StalenessBound bound = new StalenessBound(true);
    private final long[] heard = new long[2];
    private long nanos;
    private long setMillis;
    /** From which commit on another server is the primary; polls go on to ask the first one. */
    private int demotedAt = Integer.MAX_VALUE;

    @Test
    void neverClaimsAMomentBeforeWhichACommitWasAcknowledgedThatIsNotApplied() {
        int claims = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            claims += new StalenessBoundModelTest().run(new Random(seed), "seed " + seed, false);
        }
        assertThat(claims).as("claims that could be wrong").isGreaterThan(SEEDS);
    }

    @Test
    void claimsNothingMoreOnceTheStreamShowsAPrimaryThatIsNotPolled() {
        for (long seed = 0; seed < SEEDS; seed++) {
            new StalenessBoundModelTest().run(new Random(seed), "seed " + seed, true);
        }
    }

    private int run(Random random, String seed, boolean demotion) {
        int claims = 0;
        long pollSent = -1;
        int pollRead = 0;
        SourcePosition pollBefore = SourcePosition.UNKNOWN;
        long claimedAtMost = Long.MAX_VALUE;
        for (int step = 0; step < STEPS; step++) {
            nanos += 1 + random.nextInt(50) * 1_000_000L;
            if (random.nextInt(100) == 0) {
                setMillis += random.nextInt(200_000) - 100_000;
            }
            if (demotion && demotedAt == Integer.MAX_VALUE && step > STEPS / 3 && random.nextInt(20) == 0) {
                demotedAt = committedAt.size();
            }
            switch (random.nextInt(4)) {
                case 0 -> committedAt.add(nanos);
                case 1 -> {
                    if (pollSent < 0) {
                        pollSent = nanos;
                        pollBefore = applied.now().position();
                        pollRead = Math.min(committedAt.size(), demotedAt);
                    } else {
                        Moment sent = new Moment(pollSent, pollSent / 1_000_000);
                        bound.polled(new SourcePoll(sent, pollBefore, "a", upTo(pollRead), true), nanos);
                        pollSent = -1;
                    }
                }
                case 2 -> hear(random);
                default -> {}
            }
            Moment asOf = bound.now().asOf();
            if (asOf == null) {
                continue;
            }
            if (applied.now().position().covers(SourcePosition.parse(B + ":1"))) {
                claimedAtMost = Math.min(claimedAtMost, lastSentBeforeItShowed(asOf, claimedAtMost));
                assertThat(asOf.nanos()).as(seed).isLessThanOrEqualTo(claimedAtMost);
            } else if (demotedAt == Integer.MAX_VALUE) {
                claims += check(asOf, seed);
            }
        }
        return claims;
    }

    /** A poll that was on its way may still count; nothing that is sent from then on does. */
    private long lastSentBeforeItShowed(Moment asOf, long before) {
        return before == Long.MAX_VALUE ? Math.max(asOf.nanos(), nanos) : before;
    }

    private int check(Moment asOf, String seed) {
        int claimed = (int) committedAt.stream().filter(at -> at < asOf.nanos()).count();
        if (claimed > 0) {
            assertThat(applied.now().position().covers(upTo(claimed)))
                    .as("%s: %s commits before %s", seed, claimed, asOf)
                    .isTrue();
        }
        return claimed > 0 ? 1 : 0;
    }

    private void hear(Random random) {
        int partition = random.nextInt(2);
        int all = committedAt.size();
        heard[partition] += all == heard[partition] ? 0 : random.nextInt((int) (all - heard[partition]) + 1);
        if (heard[partition] > 0) {
            applied.passed(
                    new Partition("changes", partition),
                    2,
                    upTo((int) heard[partition]),
                    SourcePosition.UNKNOWN,
                    new Moment(nanos, nanos / 1_000_000 + setMillis));
            bound.applied(applied.now());
        }
    }

    /** The first so many commits. */
    private SourcePosition upTo(int commits) {
        if (commits == 0) {
            return SourcePosition.UNKNOWN;
        }
        int first = Math.min(commits, demotedAt);
        String text = first == 0 ? "" : A + ":1-" + first;
        int second = commits - first;
        return SourcePosition.parse(second == 0 ? text : text + "," + B + ":1-" + second);
    }
}
