package io.sluice.sync.kafka;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.sync.kafka.StreamStatus.PartitionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators what the stream does, a few times a second. How far the end is comes with the records; while
 * partitions are paused none come, so the brokers are asked, once a second.
 *
 * <p>Confined to the poll thread; what it publishes is for any.
 */
final class StreamReport {
    private static final Logger log = LoggerFactory.getLogger(StreamReport.class);
    private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long ENDS_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration ENDS_TIMEOUT = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetTracker tracker;
    private final GroupClears clears;
    private final Replays replays;
    private final StreamControl control;
    private final LongSupplier nanoClock;
    private final Map<TopicPartition, String> positions = new HashMap<>();
    private Map<TopicPartition, Long> ends = Map.of();
    private long publishedNanos;
    private long endsNanos;

    StreamReport(
            Consumer<byte[], byte[]> consumer,
            OffsetTracker tracker,
            GroupClears clears,
            Replays replays,
            StreamControl control,
            LongSupplier nanoClock) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.tracker = requireNonNull(tracker, "tracker is null");
        this.clears = requireNonNull(clears, "clears is null");
        this.replays = requireNonNull(replays, "replays is null");
        this.control = requireNonNull(control, "control is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.publishedNanos = nanoClock.getAsLong() - INTERVAL_NANOS;
        this.endsNanos = nanoClock.getAsLong() - ENDS_INTERVAL_NANOS;
    }

    /** Records up to this position were read; empty when none of them had one. */
    void read(TopicPartition partition, String position) {
        if (!position.isEmpty()) {
            positions.put(partition, position);
        }
    }

    /** These are somebody else's now. */
    void gone(Collection<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
    }

    /** Publishes, if that is due; between two polls. */
    void refresh(boolean throttled, boolean paused) {
        long now = nanoClock.getAsLong();
        if (now - publishedNanos < INTERVAL_NANOS) {
            return;
        }
        publishedNanos = now;
        Set<TopicPartition> assigned = consumer.assignment();
        if (!paused) {
            ends = Map.of();
        } else if (now - endsNanos >= ENDS_INTERVAL_NANOS) {
            endsNanos = now;
            ends = ends(assigned);
        }
        List<PartitionState> states = new ArrayList<>(assigned.size());
        assigned.stream()
                .sorted(comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
                .forEach(partition -> states.add(state(partition)));
        control.publish(new StreamStatus(now, throttled, clears.rules().fingerprint(), states));
    }

    private Map<TopicPartition, Long> ends(Set<TopicPartition> assigned) {
        try {
            return consumer.endOffsets(assigned, ENDS_TIMEOUT);
        } catch (RetriableException e) {
            log.debug("The brokers do not say where partitions end", e);
            return Map.of();
        }
    }

    private PartitionState state(TopicPartition partition) {
        OffsetTracker.Standing standing = tracker.standing(partition);
        Long end = ends.get(partition);
        long lag = end == null
                ? consumer.currentLag(partition).orElse(StreamStatus.UNKNOWN)
                : Math.max(0, end - standing.position());
        return new PartitionState(
                new Partition(partition.topic(), partition.partition()),
                standing.committed(),
                standing.position(),
                lag,
                standing.inFlight(),
                standing.oldestNanos(),
                positions.getOrDefault(partition, ""),
                replays.until(partition));
    }
}
