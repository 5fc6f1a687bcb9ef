package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one Kafka consumer: poll, hand out, commit, hand partitions back.
 *
 * <p><b>A partition without a usable position</b> (the first start, a partition added, an offset that retention has
 * overtaken) starts over: everything is removed on every node, and the partition is consumed from its oldest record on;
 * its offset is committed only after that removal is acknowledged. Starting at the end would be quicker and wrong:
 *
 * <ol>
 *   <li>a load reads the old row;
 *   <li>the change commits, and its event is in the topic, before the end;
 *   <li>everything is removed; then the load is stored, and no event will ever remove it.
 * </ol>
 *
 * From the oldest record on, the event itself comes, with its position, and the fence handles it. Changes older than
 * the topic's oldest record are covered by the removal of everything. Replaying costs time, not cached values: what a
 * node loaded since covers the old positions and stays.
 *
 * <p><b>Back pressure</b>: with too much in flight all partitions are paused, while polling goes on, so that the group
 * keeps its member. The pause is repeated with every poll, since a rebalance forgets it.
 *
 * <p><b>Registration</b>: {@link CommitPermit} says what may be committed, when to start over and when to leave.
 *
 * <p>Confined to the poll thread. Invariant: revoked partitions are committed up to their lowest record that is not
 * done; lost partitions are not committed at all, since somebody else may have them already.
 */
final class ConsumerSession implements ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(ConsumerSession.class);
    private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_IDLE = Duration.ofMillis(100);
    /** Commits and resumption wait for the end of a poll, so it is short while something is in flight. */
    private static final Duration POLL_BUSY = Duration.ofMillis(5);

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetTracker tracker;
    private final RecordHandler handler;
    private final FlowLimits limits;
    private final ConsumerHealth health;
    private final SyncMetrics metrics;
    private final CommitPermit permit;
    private final Commits commits;
    private boolean paused;
    private boolean stopped;

    ConsumerSession(
            Consumer<byte[], byte[]> consumer,
            RecordHandler handler,
            OffsetTracker tracker,
            Registration registration,
            FlowLimits limits,
            ConsumerHealth health,
            SyncMetrics metrics) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.handler = requireNonNull(handler, "handler is null");
        this.tracker = requireNonNull(tracker, "tracker is null");
        this.limits = requireNonNull(limits, "limits is null");
        this.health = requireNonNull(health, "health is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.permit = new CommitPermit(registration);
        this.commits = new Commits(consumer, tracker, permit, limits.commitInterval(), System::nanoTime, metrics);
    }

    void subscribe(Topics topics) {
        topics.subscribe(consumer, this);
    }

    /**
     * Polls once and hands out what came. Throws what the consumer throws, lost positions apart. False when this
     * instance must leave the group and has handed out nothing.
     */
    boolean pollOnce() {
        switch (permit.ask()) {
            case START_OVER -> rewind();
            case LEAVE -> {
                return false;
            }
            case COMMIT, WAIT -> {}
        }
        throttle();
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(pollTimeout())) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                handler.handle(record, tracker.begin(partition, record.offset()));
            }
        } catch (InvalidOffsetException e) {
            startOver(e.partitions(), e instanceof OffsetOutOfRangeException ? "out_of_range" : "no_offset");
        }
        commits.commitIfDue();
        health.polled(consumer);
        return true;
    }

    private Duration pollTimeout() {
        return paused || tracker.inFlight() > 0 || commits.isRunning() ? POLL_BUSY : POLL_IDLE;
    }

    private void throttle() {
        boolean full = paused ? !isCalm() : isFull();
        if (full) {
            consumer.pause(consumer.assignment());
        } else if (paused) {
            consumer.resume(consumer.paused());
        }
        paused = full;
    }

    private boolean isFull() {
        return tracker.inFlight() >= limits.inFlightRecords() || handler.isFull(limits.inFlightRemovals());
    }

    private boolean isCalm() {
        return tracker.inFlight() <= limits.inFlightRecords() / 2
                && !handler.isFull(Math.max(1, limits.inFlightRemovals() / 2));
    }

    boolean isPaused() {
        return paused;
    }

    /** Forgets what is done and not committed, and consumes it again. */
    private void rewind() {
        Set<TopicPartition> assigned = consumer.assignment();
        // Asked for first: if the broker does not answer, nothing has changed and the next poll fails the same way.
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned, OFFSETS_TIMEOUT);
        Set<TopicPartition> never = new HashSet<>(assigned);
        never.removeIf(partition -> committed.get(partition) != null);
        Map<TopicPartition, Long> oldest = oldest(never);
        log.warn(
                "The rings changed while this instance was not registered: consuming {} again from the committed"
                        + " offsets",
                assigned);
        metrics.ringEvent("started_over");
        tracker.drop(assigned);
        permit.startsOver();
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                consumer.seek(partition, offset);
            }
        });
        startAt(oldest, "no_offset");
    }

    private void startOver(Set<TopicPartition> partitions, String reason) {
        // Asked for first, as above.
        Map<TopicPartition, Long> oldest = oldest(partitions);
        // What is in flight has offsets of a log that is no more, perhaps greater than those that come now.
        tracker.drop(partitions);
        startAt(oldest, reason);
    }

    private Map<TopicPartition, Long> oldest(Set<TopicPartition> partitions) {
        return partitions.isEmpty() ? Map.of() : consumer.beginningOffsets(partitions, OFFSETS_TIMEOUT);
    }

    private void startAt(Map<TopicPartition, Long> oldest, String reason) {
        oldest.forEach((partition, offset) -> {
            log.warn(
                    "Partition {} has no usable position ({}): removing everything on every node and consuming from its"
                            + " oldest record, {}",
                    partition,
                    reason,
                    offset);
            metrics.lostPosition(reason);
            consumer.seek(partition, offset);
            handler.handleLostPosition(tracker.begin(partition, offset - 1));
        });
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        log.info("Assigned partitions {}", partitions);
        metrics.rebalance("assigned");
        health.assigned(true);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        log.info("Revoked partitions {}", partitions);
        metrics.rebalance("revoked");
        if (!stopped) {
            drain(partitions);
        }
        tracker.drop(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        log.warn("Lost partitions {}; nothing is committed for them", partitions);
        metrics.rebalance("lost");
        health.assigned(false);
        tracker.drop(partitions);
    }

    /** Commits nothing more: what is done is only provisionally done, and somebody else will do it again. */
    void abandon() {
        stopped = true;
    }

    /** Waits a little for what is in flight and commits what is done. */
    void drain() {
        drain(consumer.assignment());
        stopped = true;
    }

    private void drain(Collection<TopicPartition> partitions) {
        try {
            tracker.awaitDone(partitions, limits.drainTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        commits.commitNow(partitions);
    }
}
