package io.sluice.sync.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class OffsetTrackerTest {
    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);

    private final OffsetTracker tracker = new OffsetTracker(nanos -> {});

    @RepeatedTest(50)
    void neverCommitsPastARecordThatIsNotDoneInWhateverOrderTheyEnd(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<TrackedRecord> open = new ArrayList<>();
        NavigableSet<Long> notDone = new TreeSet<>();
        long offset = 0;
        for (int i = 0; i < 200; i++) {
            offset += 1 + random.nextInt(3);
            TrackedRecord record = tracker.begin(P0, offset);
            if (random.nextBoolean()) {
                record.addPart();
                record.addPart();
            }
            record.sealed();
            open.add(record);
            notDone.add(offset);
        }
        notDone.removeIf(done -> open.stream().anyMatch(record -> record.offset() == done && record.isDone()));
        open.removeIf(TrackedRecord::isDone);
        Collections.shuffle(open, random);
        for (TrackedRecord record : open) {
            record.partDone();
            assertCommittableUpTo(notDone, offset);
            record.partDone();
            notDone.remove(record.offset());
            assertCommittableUpTo(notDone, offset);
        }
        assertThat(tracker.committable()).containsEntry(P0, offset + 1);
        assertThat(tracker.inFlight()).isZero();
    }

    private void assertCommittableUpTo(NavigableSet<Long> notDone, long last) {
        long lowest = notDone.isEmpty() ? last + 1 : notDone.first();
        Long committable = tracker.committable().get(P0);
        assertThat(committable == null ? 0 : committable).isLessThanOrEqualTo(lowest);
    }

    @Test
    void partitionsAdvanceByThemselves() {
        TrackedRecord stuck = tracker.begin(P0, 5);
        tracker.begin(P1, 7).sealed();
        assertThat(tracker.committable()).isEqualTo(Map.of(P1, 8L));
        stuck.sealed();
        assertThat(tracker.committable()).isEqualTo(Map.of(P0, 6L, P1, 8L));
    }

    @Test
    void whatIsCommittedIsNotOfferedAgain() {
        tracker.begin(P0, 5).sealed();
        tracker.committed(tracker.committable());
        assertThat(tracker.committable()).isEmpty();
    }

    @Test
    void recordsThatEndAfterTheirPartitionWasDroppedCommitNothing() {
        TrackedRecord late = tracker.begin(P0, 5);
        tracker.drop(List.of(P0));
        late.sealed();
        assertThat(tracker.committable()).isEmpty();
        assertThat(tracker.inFlight()).isZero();
    }

    @Test
    void waitingEndsWhenTheLastRecordIsDone() throws Exception {
        TrackedRecord record = tracker.begin(P0, 5);
        Thread finisher = Thread.ofVirtual().start(record::sealed);
        assertThat(tracker.awaitDone(List.of(P0), Duration.ofMinutes(1))).isTrue();
        finisher.join();
    }

    @Test
    void waitingGivesUp() throws Exception {
        tracker.begin(P0, 5);
        assertThat(tracker.awaitDone(List.of(P0), Duration.ZERO)).isFalse();
    }
}
