package io.sluice.sync.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
        Map<TrackedBatch, Long> firstOf = new HashMap<>();
        long offset = 0;
        for (int i = 0; i < 200; i++) {
            TrackedBatch batch = tracker.begin(P0);
            firstOf.put(batch, offset + 1);
            for (int records = 1 + random.nextInt(3); records > 0; records--) {
                offset += 1 + random.nextInt(3);
                batch.addRecord(offset);
            }
            if (random.nextBoolean()) {
                batch.addPart();
                batch.addPart();
            }
            tracker.handedOut(batch);
        }
        firstOf.keySet().removeIf(TrackedBatch::isDone);
        List<TrackedBatch> open = new ArrayList<>(firstOf.keySet());
        Collections.shuffle(open, random);
        for (TrackedBatch batch : open) {
            batch.partDone();
            assertCommittableUpTo(firstOf.values(), offset);
            batch.partDone();
            firstOf.remove(batch);
            assertCommittableUpTo(firstOf.values(), offset);
        }
        assertThat(tracker.committable()).containsEntry(P0, offset + 1);
        assertThat(tracker.inFlight()).isZero();
    }

    private void assertCommittableUpTo(Collection<Long> notDone, long last) {
        long lowest = notDone.isEmpty() ? last + 1 : Collections.min(notDone);
        Long committable = tracker.committable().get(P0);
        assertThat(committable == null ? 0 : committable).isLessThanOrEqualTo(lowest);
    }

    @Test
    void partitionsAdvanceByThemselves() {
        TrackedBatch stuck = begin(P0, 5);
        tracker.handedOut(begin(P1, 7));
        assertThat(tracker.committable()).isEqualTo(Map.of(P1, 8L));
        tracker.handedOut(stuck);
        assertThat(tracker.committable()).isEqualTo(Map.of(P0, 6L, P1, 8L));
    }

    @Test
    void whatIsCommittedIsNotOfferedAgain() {
        tracker.handedOut(begin(P0, 5));
        tracker.committed(tracker.committable());
        assertThat(tracker.committable()).isEmpty();
    }

    @Test
    void recordsThatEndAfterTheirPartitionWasDroppedCommitNothing() {
        TrackedBatch late = begin(P0, 5);
        tracker.drop(List.of(P0));
        tracker.handedOut(late);
        assertThat(tracker.committable()).isEmpty();
        assertThat(tracker.inFlight()).isZero();
    }

    @Test
    void waitingEndsWhenTheLastRecordIsDone() throws Exception {
        TrackedBatch record = begin(P0, 5);
        Thread finisher = Thread.ofVirtual().start(() -> tracker.handedOut(record));
        assertThat(tracker.awaitDone(List.of(P0), Duration.ofMinutes(1))).isTrue();
        finisher.join();
    }

    @Test
    void waitingGivesUp() throws Exception {
        begin(P0, 5);
        assertThat(tracker.awaitDone(List.of(P0), Duration.ZERO)).isFalse();
    }

    private TrackedBatch begin(TopicPartition partition, long offset) {
        TrackedBatch batch = tracker.begin(partition);
        batch.addRecord(offset);
        return batch;
    }
}
