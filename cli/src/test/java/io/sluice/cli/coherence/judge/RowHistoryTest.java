package io.sluice.cli.coherence.judge;

import static io.sluice.cli.coherence.judge.RowHistory.ABSENT;
import static io.sluice.cli.coherence.judge.RowHistory.NEVER_WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowHistoryTest {
    private static final long SECOND = 1_000_000_000;

    private final List<Long> delays = new ArrayList<>();
    private final long start = System.nanoTime();
    private final RowHistory row = new RowHistory((committed, delay) -> delays.add(delay));

    @Test
    void anAnswerIsAsOldAsTheCommitOfTheVersionAfterIt() {
        write(true, 10);
        write(true, 20);
        write(true, 30);
        assertThat(row.ageNanos(1, at(25))).isEqualTo(5 * SECOND);
        assertThat(row.ageNanos(1, at(33))).isEqualTo(13 * SECOND);
        assertThat(row.ageNanos(2, at(33))).isEqualTo(3 * SECOND);
        assertThat(row.ageNanos(3, at(33))).isZero();
    }

    @Test
    void whatWasReplacedAfterTheReadBeganIsNotOld() {
        write(true, 10);
        write(true, 20);
        assertThat(row.ageNanos(1, at(20))).isZero();
        assertThat(row.ageNanos(1, at(15))).isZero();
    }

    @Test
    void aVersionCountsFromItsCommitButMayBeSeenBefore() {
        write(true, 10);
        assertThat(row.begin(true)).isEqualTo(2);
        assertThat(row.ageNanos(1, at(40))).isZero();
        assertThat(row.ageNanos(2, at(40))).isZero();
    }

    @Test
    void aVersionThatWasNeverBegunIsSeen() {
        write(true, 10);
        assertThat(row.ageNanos(2, at(11))).isEqualTo(NEVER_WRITTEN);
        row.begin(true);
        row.undone();
        assertThat(row.ageNanos(2, at(11))).isEqualTo(NEVER_WRITTEN);
        assertThat(row.begin(true)).as("the number is free again").isEqualTo(2);
    }

    @Test
    void noRowHasSeenTheNewestDeletion() {
        assertThat(row.ageNanos(ABSENT, at(1))).as("it always was there").isEqualTo(NEVER_WRITTEN);
        write(false, 10);
        write(true, 20);
        assertThat(row.ageNanos(ABSENT, at(25))).isEqualTo(5 * SECOND);
        write(false, 30);
        assertThat(row.ageNanos(ABSENT, at(35))).isZero();
        write(true, 40);
        assertThat(row.ageNanos(ABSENT, at(42))).isEqualTo(2 * SECOND);
    }

    @Test
    void aDeletionThatIsUndoneWasNotSeen() {
        write(false, 10);
        write(true, 20);
        row.begin(false);
        assertThat(row.ageNanos(ABSENT, at(25))).isZero();
        row.undone();
        assertThat(row.ageNanos(ABSENT, at(25))).isEqualTo(5 * SECOND);
    }

    @Test
    void aDelayLastsUntilTheLastReadBeganThatSawAnOlderVersion() {
        write(true, 10);
        write(true, 20);
        write(true, 30);
        row.ageNanos(0, at(12));
        row.ageNanos(1, at(21));
        row.ageNanos(1, at(23));
        row.ageNanos(0, at(22));
        row.end();
        assertThat(delays).containsExactly(12 * SECOND, 3 * SECOND, 0L);
    }

    @Test
    void whatIsForgottenIsOlderThanAnythingThatIsAskedAbout() {
        for (int version = 1; version <= 50; version++) {
            write(true, version * 10);
        }
        assertThat(delays).as("told of when forgotten").hasSizeGreaterThan(30);
        assertThat(row.ageNanos(1, at(501))).isGreaterThan(60 * SECOND);
        assertThat(row.ageNanos(49, at(501))).isEqualTo(SECOND);
        assertThat(row.ageNanos(48, at(501))).isEqualTo(11 * SECOND);
    }

    private void write(boolean present, int second) {
        row.begin(present);
        row.committed(at(second));
    }

    private long at(int second) {
        return start + second * SECOND;
    }
}
