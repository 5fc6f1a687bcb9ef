package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what the tracker says can be committed and the permit allows, each offset with what it says of the rules: now
 * and then while polling, and at once when partitions go. A commit that fails is not repeated by itself; the next one
 * carries its offsets too. Confined to the poll thread. Invariant: the permit is asked after the tracker, right before
 * each commit.
 */
final class Commits {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);
    private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetTracker tracker;
    private final CommitPermit permit;
    private final GroupClears clears;
    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private final SyncMetrics metrics;
    private long lastNanos;
    private boolean running;
    private boolean failing;
    private String committedMetadata;

    Commits(
            Consumer<byte[], byte[]> consumer,
            OffsetTracker tracker,
            CommitPermit permit,
            GroupClears clears,
            Duration interval,
            LongSupplier nanoClock,
            SyncMetrics metrics) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.tracker = requireNonNull(tracker, "tracker is null");
        this.permit = requireNonNull(permit, "permit is null");
        this.clears = requireNonNull(clears, "clears is null");
        this.committedMetadata = clears.metadata();
        this.intervalNanos = interval.toNanos();
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.lastNanos = nanoClock.getAsLong() - intervalNanos;
    }

    /** Starts a commit if there is something new, none runs, and the last one is long enough ago. */
    void commitIfDue() {
        if (running || nanoClock.getAsLong() - lastNanos < intervalNanos) {
            return;
        }
        Map<TopicPartition, Long> offsets = committable();
        if (offsets.isEmpty() || permit.ask() != CommitPermit.Answer.COMMIT) {
            return;
        }
        running = true;
        lastNanos = nanoClock.getAsLong();
        consumer.commitAsync(metadata(offsets), (stored, error) -> {
            running = false;
            ended(offsets, error);
        });
    }

    /** True until the broker has answered the last commit. */
    boolean isRunning() {
        return running;
    }

    /**
     * Commits what is done of these partitions and waits for it, a few seconds at most; nothing that is provisional.
     */
    void commitNow(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = committable();
        offsets.keySet().retainAll(partitions);
        if (offsets.isEmpty() || permit.ask() != CommitPermit.Answer.COMMIT) {
            return;
        }
        try {
            consumer.commitSync(metadata(offsets), SYNC_TIMEOUT);
            ended(offsets, null);
        } catch (KafkaException e) {
            ended(offsets, e);
        }
    }

    private void ended(Map<TopicPartition, Long> offsets, @Nullable Exception error) {
        metrics.commit(error == null);
        if (error == null) {
            tracker.committed(offsets);
            if (failing) {
                log.info("Offsets are committed again");
            }
        } else if (!failing) {
            log.warn("Offsets could not be committed: {}. They will be with the next commit", error.toString());
        }
        failing = error != null;
    }

    /** What is new to commit; with something else to say than last time, everything is. */
    private Map<TopicPartition, Long> committable() {
        String metadata = clears.metadata();
        if (!metadata.equals(committedMetadata)) {
            committedMetadata = metadata;
            tracker.commitAnew();
        }
        return tracker.committable();
    }

    private Map<TopicPartition, OffsetAndMetadata> metadata(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> metadata = HashMap.newHashMap(offsets.size());
        offsets.forEach(
                (partition, offset) -> metadata.put(partition, new OffsetAndMetadata(offset, clears.metadata())));
        return metadata;
    }
}
