package io.sluice.sync.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.AppliedPosition.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

final class HeartbeatIdsTest {
    private final HeartbeatIds ids = new HeartbeatIds();

    @Test
    void nothingIsWrittenForNoPartitions() {
        assertThat(ids.next(List.of())).isEmpty();
    }

    @Test
    void triesMoreAndMoreUntilEveryPartitionHasAnsweredAndThenWritesOneForEach() {
        List<Partition> partitions = partitions(48);
        int beats = 0;
        while (!ids.silent(partitions).isEmpty()) {
            ids.next(partitions).forEach(id -> ids.seen(id, partitions.get(Math.floorMod(7 * id, 48))));
            assertThat(++beats).isLessThan(20);
        }
        assertThat(ids.next(partitions)).hasSize(48);
    }

    @Test
    void givesWhatWasWrittenTimeToComeBack() {
        List<Partition> partitions = partitions(2);
        assertThat(ids.next(partitions)).hasSize(16);
        assertThat(ids.next(partitions)).isEmpty();
        ids.seen(3, partitions.get(1));
        assertThat(ids.next(partitions)).containsExactly(3);
    }

    @Test
    void neverTriesMoreThanItsMost() {
        List<Partition> partitions = partitions(1);
        for (int beat = 0; beat < 200; beat++) {
            SortedSet<Integer> next = ids.next(partitions);
            assertThat(next).allMatch(id -> id < HeartbeatIds.MAX_IDS);
        }
        assertThat(ids.exhausted()).isTrue();
        assertThat(ids.silent(partitions)).hasSize(1);
    }

    @Test
    void anIdThatMovedIsNotTakenForItsOldPartition() {
        List<Partition> partitions = partitions(2);
        ids.next(partitions);
        ids.seen(0, partitions.get(0));
        ids.seen(1, partitions.get(1));
        ids.seen(1, partitions.get(0));
        assertThat(ids.silent(partitions)).containsExactly(partitions.get(1));
    }

    private static List<Partition> partitions(int count) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.add(new Partition("changes", i));
        }
        return partitions;
    }
}
