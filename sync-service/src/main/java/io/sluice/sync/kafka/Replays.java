package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.sync.kafka.StreamControl.Replay;
import io.sluice.sync.kafka.StreamControl.ReplayRequest;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the assigned partitions again from a time, when an operator asks for it. Removes say at which position they
 * happened, so entries that are newer than that stay.
 *
 * <p>The earlier offset is committed before anybody is told that the replay has begun, and offsets are committed as
 * usual while it lasts. So whoever takes a partition over, after a crash or a rebalance, goes on with the replay where
 * it was.
 *
 * <p>It begins only when nothing is in flight. What is in flight may stand for more than its records, such as the
 * removal of everything after a lost position:
 *
 * <ol>
 *   <li>a partition starts over at 900; nothing is committed before everything is removed;
 *   <li>it goes back to 100, and what was tracked is forgotten;
 *   <li>100 is committed, and the process ends: nobody knows any more that everything was to be removed.
 * </ol>
 *
 * <p>Confined to the poll thread. Invariant: no partition ever goes forward.
 */
final class Replays {
    private static final Logger log = LoggerFactory.getLogger(Replays.class);
    private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetTracker tracker;
    private final CommitPermit permit;
    private final Commits commits;
    private final StreamControl control;
    private final Duration drainTimeout;
    private final SyncMetrics metrics;
    /** Where partitions that went back have caught up. */
    private final Map<TopicPartition, Long> until = new HashMap<>();

    Replays(
            Consumer<byte[], byte[]> consumer,
            OffsetTracker tracker,
            CommitPermit permit,
            Commits commits,
            StreamControl control,
            Duration drainTimeout,
            SyncMetrics metrics) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.tracker = requireNonNull(tracker, "tracker is null");
        this.permit = requireNonNull(permit, "permit is null");
        this.commits = requireNonNull(commits, "commits is null");
        this.control = requireNonNull(control, "control is null");
        this.drainTimeout = requireNonNull(drainTimeout, "drainTimeout is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** Begins what was asked for, and says of what has caught up; between two polls. Throws nothing. */
    void goOn() {
        if (!until.isEmpty()) {
            until.entrySet().removeIf(entry -> isCaughtUp(entry.getKey(), entry.getValue()));
        }
        ReplayRequest request = control.takeReplay();
        if (request != null) {
            begin(request);
        }
    }

    private boolean isCaughtUp(TopicPartition partition, long end) {
        boolean caughtUp = tracker.standing(partition).doneUpTo() >= end;
        if (caughtUp) {
            log.info("The replay of partition {} has caught up, at {}", partition, end);
        }
        return caughtUp;
    }

    private void begin(ReplayRequest request) {
        try {
            List<Replay> replays = goBack(request.from());
            metrics.replay("begun");
            request.answer().complete(replays);
        } catch (KafkaException e) {
            refuse(request, new ReplayRefusedException("Kafka does not answer: " + e.getMessage() + ": try again"));
        } catch (ReplayRefusedException e) {
            refuse(request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(request, new ReplayRefusedException("the service stops"));
        }
    }

    private void refuse(ReplayRequest request, ReplayRefusedException reason) {
        metrics.replay("refused");
        request.answer().completeExceptionally(reason);
    }

    private List<Replay> goBack(Instant from) throws ReplayRefusedException, InterruptedException {
        Set<TopicPartition> assigned = consumer.assignment();
        if (assigned.isEmpty()) {
            throw new ReplayRefusedException("no partition is assigned to this instance");
        }
        if (permit.ask() != CommitPermit.Answer.COMMIT) {
            throw new ReplayRefusedException("this instance is not registered in etcd, so nothing can be committed now:"
                    + " try again when it is ready");
        }
        if (!tracker.awaitDone(assigned, drainTimeout)) {
            throw new ReplayRefusedException("what is in flight was not done within " + drainTimeout.toMillis()
                    + " ms: sync status shows which node does not acknowledge; try again");
        }
        Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(
                assigned.stream().collect(toMap(partition -> partition, partition -> from.toEpochMilli())),
                OFFSETS_TIMEOUT);
        List<Replay> replays = new ArrayList<>();
        for (TopicPartition partition : assigned) {
            OffsetAndTimestamp found = offsets.get(partition);
            long position = tracker.standing(partition).position();
            if (found != null && found.offset() < position) {
                goBack(partition, found.offset(), position);
                replays.add(
                        new Replay(new Partition(partition.topic(), partition.partition()), found.offset(), position));
            }
        }
        commits.commitNow(assigned);
        return replays;
    }

    private void goBack(TopicPartition partition, long offset, long position) {
        log.info(
                "Partition {} is consumed again from {}, as an operator asks; it was at {}",
                partition,
                offset,
                position);
        consumer.seek(partition, offset);
        tracker.goesBack(partition, offset);
        until.merge(partition, position, Math::max);
    }

    /** Where the replay of a partition ends; {@link StreamStatus#UNKNOWN} when there is none. */
    long until(TopicPartition partition) {
        return until.getOrDefault(partition, StreamStatus.UNKNOWN);
    }

    /** These are somebody else's now. */
    void drop(Collection<TopicPartition> partitions) {
        until.keySet().removeAll(partitions);
    }
}
