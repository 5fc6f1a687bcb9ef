package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.resync.Resync;
import io.sluice.sync.resync.Resync.Clearing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions without a usable position: the first start, a partition added, an offset that retention has overtaken.
 *
 * <p>The partition goes on at its end, everything is removed on every node, and its offset is committed only when that
 * is acknowledged. What makes the end right is the position H at which everything is removed, in this order:
 *
 * <ol>
 *   <li>the end offset is read: every event before it is of a transaction that is in the binlog;
 *   <li>a heartbeat is committed and H is read, which holds these transactions ({@link Resync});
 *   <li>everything is removed at H: what does not reflect the passed events is gone, and is not let in any more;
 *   <li>from the end offset on, the events themselves come.
 * </ol>
 *
 * Without H the end would be wrong:
 *
 * <ol>
 *   <li>a load reads the old row;
 *   <li>the change commits, and its event is in the topic, before the end;
 *   <li>everything is removed; then the load is stored, and no event will ever remove it.
 * </ol>
 *
 * So where some source gives no H the partition is consumed from its oldest record on: the event itself comes, with its
 * position, and the fence handles it. Changes older than the oldest record are covered by the removal of everything.
 *
 * <p>Confined to the poll thread. Invariant: nothing of such a partition is committed before the removal is done.
 */
final class LostPositions {
    private static final Logger log = LoggerFactory.getLogger(LostPositions.class);
    private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetTracker tracker;
    private final GroupClears clears;
    private final Resync resync;
    private final Dispatcher dispatcher;
    private final SyncMetrics metrics;
    private final List<Start> starts = new ArrayList<>();

    /** Partitions that wait for the same H, each with what holds its offset. */
    private record Start(Map<TopicPartition, TrackedBatch> held, CompletableFuture<Clearing> clearing) {}

    LostPositions(
            Consumer<byte[], byte[]> consumer,
            OffsetTracker tracker,
            GroupClears clears,
            Resync resync,
            Dispatcher dispatcher,
            SyncMetrics metrics) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.tracker = requireNonNull(tracker, "tracker is null");
        this.clears = requireNonNull(clears, "clears is null");
        this.resync = requireNonNull(resync, "resync is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** These have no usable position; throws what the consumer throws, and then nothing has changed. */
    void startOver(Set<TopicPartition> partitions, String reason) {
        if (partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, OFFSETS_TIMEOUT);
        // Whoever waits for H for one of them would otherwise move it once more.
        drop(partitions);
        Map<TopicPartition, TrackedBatch> held = startAt(ends, (partition, offset) -> {
            log.warn(
                    "Partition {} has no usable position ({}): removing everything on every node and consuming from its"
                            + " end, {}",
                    partition,
                    reason,
                    offset);
            metrics.lostPosition(reason);
        });
        starts.add(new Start(
                held, resync.begin(clears.rules(), clears.rules().groups().keySet())));
    }

    /** Goes on with those whose H has come; between two polls. Throws what the consumer throws, to be called again. */
    void goOn() {
        for (Iterator<Start> each = starts.iterator(); each.hasNext(); ) {
            Start start = each.next();
            Clearing clearing = start.clearing().getNow(null);
            if (clearing != null) {
                Collection<TrackedBatch> held = (clearing.positioned()
                                ? start.held()
                                : startAtOldest(start.held().keySet()))
                        .values();
                List<TrackedBatch> waiting = List.copyOf(held);
                each.remove();
                clearing.submit(dispatcher, () -> waiting.forEach(TrackedBatch::partDone));
            }
        }
    }

    private Map<TopicPartition, TrackedBatch> startAtOldest(Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        return startAt(
                consumer.beginningOffsets(partitions, OFFSETS_TIMEOUT),
                (partition, offset) -> log.warn(
                        "Partition {} is consumed from its oldest record, {}, since not every source has told its"
                                + " position",
                        partition,
                        offset));
    }

    private Map<TopicPartition, TrackedBatch> startAt(Map<TopicPartition, Long> offsets, Told told) {
        // What is in flight has offsets of a log that is no more, perhaps greater than those that come now.
        tracker.drop(offsets.keySet());
        Map<TopicPartition, TrackedBatch> held = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            told.startsAt(partition, offset);
            consumer.seek(partition, offset);
            TrackedBatch removal = tracker.begin(partition);
            removal.addRecord(offset - 1);
            removal.addPart();
            tracker.handedOut(removal);
            held.put(partition, removal);
        });
        return held;
    }

    /** These are somebody else's now. */
    void drop(Collection<TopicPartition> partitions) {
        starts.forEach(start -> start.held().keySet().removeAll(partitions));
    }

    /** Told of each partition before it goes on elsewhere. */
    @FunctionalInterface
    private interface Told {
        void startsAt(TopicPartition partition, long offset);
    }
}
