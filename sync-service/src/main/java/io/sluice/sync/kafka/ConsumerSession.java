package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.resync.Resync;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one Kafka consumer: poll, hand out, commit, hand partitions back.
 *
 * <p><b>A partition without a usable position</b> starts over: see {@link LostPositions}. <b>New rules</b> come into
 * force between two polls, and what committed offsets say of the rules is compared at each assignment: see
 * {@link GroupClears}.
 *
 * <p><b>Back pressure</b>: with too much in flight all partitions are paused, while polling goes on, so that the group
 * keeps its member. The pause is repeated with every poll, since a rebalance forgets it.
 *
 * <p><b>Operators</b> pause it the same way, and ask for replays: see {@link StreamControl} and {@link Replays}.
 *
 * <p><b>Registration</b>: {@link CommitPermit} says what may be committed and told, when to start over and when to
 * leave.
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
    /** What is tracked and sent together, so that the first of many records does not wait until all are mapped. */
    private static final int BATCH_RECORDS = 256;

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetTracker tracker;
    private final RecordHandler handler;
    private final FlowLimits limits;
    private final ConsumerHealth health;
    private final SyncMetrics metrics;
    private final CommitPermit permit;
    private final Commits commits;
    private final GroupClears clears;
    private final LostPositions lost;
    private final StreamShape shape;
    private final StreamControl control;
    private final Replays replays;
    private final StreamReport report;
    private final NewPartitions fresh;
    /** Too much is in flight. */
    private boolean full;
    /** Nothing is taken, for that or since an operator says so. */
    private boolean paused;

    private boolean stopped;

    ConsumerSession(
            Consumer<byte[], byte[]> consumer,
            RecordHandler handler,
            GroupClears clears,
            Resync resync,
            Dispatcher dispatcher,
            OffsetTracker tracker,
            Registration registration,
            FlowLimits limits,
            ConsumerHealth health,
            StreamListener listener,
            StreamControl control,
            LongSupplier nanoClock,
            SyncMetrics metrics) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.handler = requireNonNull(handler, "handler is null");
        this.tracker = requireNonNull(tracker, "tracker is null");
        this.limits = requireNonNull(limits, "limits is null");
        this.health = requireNonNull(health, "health is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.shape = new StreamShape(consumer, listener, nanoClock);
        this.permit = new CommitPermit(registration);
        this.fresh = new NewPartitions(registration, nanoClock);
        this.clears = requireNonNull(clears, "clears is null");
        this.lost = new LostPositions(consumer, tracker, clears, resync, dispatcher, metrics);
        this.commits = new Commits(consumer, tracker, permit, clears, limits.commitInterval(), nanoClock, metrics);
        this.control = requireNonNull(control, "control is null");
        this.replays = new Replays(consumer, tracker, permit, commits, control, limits.drainTimeout(), metrics);
        this.report = new StreamReport(consumer, tracker, clears, replays, control, nanoClock);
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
            case COMMIT -> fresh.sure();
            case WAIT -> {}
        }
        clears.goOn();
        lost.goOn();
        replays.goOn();
        throttle();
        try {
            handOut(consumer.poll(pollTimeout()));
        } catch (InvalidOffsetException e) {
            lost.startOver(e.partitions(), e instanceof OffsetOutOfRangeException ? "out_of_range" : "no_offset");
        }
        OptionalLong toldBy = permit.toldBy();
        if (toldBy.isPresent() && clears.outstanding() == 0) {
            tracker.tellPassed(toldBy.getAsLong(), fresh.untold());
        }
        shape.refresh();
        commits.commitIfDue();
        report.refresh(full, paused);
        health.polled(consumer);
        return true;
    }

    private void handOut(ConsumerRecords<byte[], byte[]> polled) {
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            for (int from = 0; from < records.size(); from += BATCH_RECORDS) {
                TrackedBatch batch = tracker.begin(partition);
                String position =
                        handler.handle(records.subList(from, Math.min(from + BATCH_RECORDS, records.size())), batch);
                tracker.handedOut(batch);
                report.read(partition, position);
            }
        }
    }

    private Duration pollTimeout() {
        return full || tracker.inFlight() > 0 || commits.isRunning() ? POLL_BUSY : POLL_IDLE;
    }

    private void throttle() {
        full = full ? !isCalm() : isTooMuch();
        boolean pause = full || control.isPaused();
        if (pause) {
            consumer.pause(consumer.assignment());
        } else if (paused) {
            consumer.resume(consumer.paused());
        }
        paused = pause;
    }

    private boolean isTooMuch() {
        return tracker.inFlight() >= limits.inFlightRecords() || handler.isFull(limits, 1);
    }

    private boolean isCalm() {
        return tracker.inFlight() <= limits.inFlightRecords() / 2 && !handler.isFull(limits, 0.5);
    }

    boolean isFull() {
        return full;
    }

    /** Forgets what is done and not committed, and consumes it again. */
    private void rewind() {
        Set<TopicPartition> assigned = consumer.assignment();
        // Asked for first: if the broker does not answer, nothing has changed and the next poll fails the same way.
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(assigned, OFFSETS_TIMEOUT);
        Set<TopicPartition> never = new HashSet<>(assigned);
        never.removeIf(partition -> committed.get(partition) != null);
        log.warn(
                "The rings changed while this instance was not registered: consuming {} again from the committed"
                        + " offsets",
                assigned);
        metrics.ringEvent("started_over");
        tracker.drop(assigned);
        permit.startsOver();
        lost.drop(assigned);
        committed.forEach((partition, offset) -> {
            if (offset != null) {
                consumer.seek(partition, offset);
                resumed(partition, offset);
            }
        });
        lost.startOver(never, "no_offset");
    }

    private void resumed(TopicPartition partition, OffsetAndMetadata offset) {
        tracker.resumed(partition, offset.offset());
        clears.resumed(offset.metadata());
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        log.info("Assigned partitions {}", partitions);
        metrics.rebalance("assigned");
        health.assigned(true);
        shape.assigned(partitions);
        fresh.assigned(partitions);
        if (paused) {
            // The poll that has brought them may bring their first records as well.
            consumer.pause(partitions);
        }
        compareRules(partitions);
    }

    /** With what was committed for the partitions; where that cannot be had, as if it said nothing. */
    private void compareRules(Collection<TopicPartition> partitions) {
        try {
            consumer.committed(Set.copyOf(partitions), OFFSETS_TIMEOUT).forEach((partition, offset) -> {
                // Without an offset the partition starts over, and everything is cleared for that.
                if (offset != null) {
                    resumed(partition, offset);
                }
            });
        } catch (RetriableException e) {
            log.info("What is committed for {} cannot be had: {}. Every group is cleared", partitions, e.toString());
            clears.resumed(null);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        log.info("Revoked partitions {}", partitions);
        metrics.rebalance("revoked");
        if (!stopped) {
            drain(partitions);
        }
        forget(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        log.warn("Lost partitions {}; nothing is committed for them", partitions);
        metrics.rebalance("lost");
        health.assigned(false);
        forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
        lost.drop(partitions);
        tracker.drop(partitions);
        replays.drop(partitions);
        report.gone(partitions);
        shape.gone(partitions);
        fresh.gone(partitions);
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
