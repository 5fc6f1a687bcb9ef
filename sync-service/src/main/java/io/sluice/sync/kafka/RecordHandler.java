package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.sync.dispatch.BundleBuilder;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.fanout.FanOutRequest;
import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.MappedRecord;
import io.sluice.sync.flow.Problem;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out what records ask for: removals to the dispatcher, those of many records together, fan-outs, and the record
 * itself to the dead letters when something is wrong with it. Confined to the poll thread; never blocks and never
 * throws for what a record holds.
 *
 * <p>Invariant: a batch is done only when all removals and fan-outs of its records are done and every dead letter of
 * one is stored.
 */
final class RecordHandler {
    private static final Logger log = LoggerFactory.getLogger(RecordHandler.class);

    private final RecordMapper mapper;
    private final Effects effects;
    private final DeadLetters deadLetters;
    private final ProblemLog problems;
    private final StreamListener listener;
    private final Histories histories;
    private final SyncMetrics metrics;
    private final BundleBuilder bundle = new BundleBuilder();
    private boolean toldOfMissingPosition;
    /** How many records with this outcome are handled and not counted yet. */
    private int handled;

    private String outcome = "";

    RecordHandler(
            RecordMapper mapper,
            Effects effects,
            DeadLetters deadLetters,
            ProblemLog problems,
            StreamListener listener,
            Histories histories,
            SyncMetrics metrics) {
        this.mapper = requireNonNull(mapper, "mapper is null");
        this.effects = requireNonNull(effects, "effects is null");
        this.deadLetters = requireNonNull(deadLetters, "deadLetters is null");
        this.problems = requireNonNull(problems, "problems is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.histories = requireNonNull(histories, "histories is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /**
     * Hands out some records of one partition, in the order of their offsets.
     *
     * @return the GTID set up to the last of them that has one; empty when none has
     */
    String handle(List<ConsumerRecord<byte[], byte[]>> records, TrackedBatch tracked) {
        Partition partition =
                new Partition(records.getFirst().topic(), records.getFirst().partition());
        String position = "";
        for (ConsumerRecord<byte[], byte[]> record : records) {
            tracked.addRecord(record.offset());
            String next = handle(record, partition, tracked);
            position = next.isEmpty() ? position : next;
        }
        flush(tracked);
        countHandled();
        return position;
    }

    /** What it asks for goes out with the next {@link #flush}. */
    private String handle(ConsumerRecord<byte[], byte[]> record, Partition partition, TrackedBatch tracked) {
        MappedRecord mapped = mapper.map(record.value());
        histories.saw(partition, mapped);
        Problem problem = mapped.problem();
        if (problem != null) {
            problems.saw(
                    problem, record, mapped.removals().size() + mapped.fanOuts().size());
            tracked.addPart();
            deadLetters.send(record, problem, tracked::partDone);
        }
        if (mapped.lacksPosition() && !toldOfMissingPosition) {
            toldOfMissingPosition = true;
            log.warn(
                    "Record {}-{}@{} carries no GTID set: nodes can only hold for seconds after its Removes instead of"
                            + " comparing positions. Set canal.instance.gtidon=true and gtid_mode=ON, or declare the source"
                            + " with coherence: arrival. Such records are counted as without_position from now on",
                    record.topic(),
                    record.partition(),
                    record.offset());
        }
        mapped.invalidations().forEach(one -> metrics.invalidation(one.group(), one.cause()));
        mapped.heartbeats().forEach(heartbeat -> tell(heartbeat, mapped.position(), partition, tracked));
        count(mapped.outcome());
        for (Removal removal : mapped.removals()) {
            Duration again = mapped.again().get(removal);
            if (again == null) {
                add(removal, tracked);
            } else {
                tracked.addPart();
                effects.submitTwice(removal, again, tracked::partDone);
            }
        }
        for (FanOutRequest fanOut : mapped.fanOuts()) {
            tracked.addPart();
            effects.submit(fanOut, tracked::partDone);
        }
        return mapped.position();
    }

    private void tell(Heartbeat heartbeat, String position, Partition partition, TrackedBatch tracked) {
        listener.arrived(heartbeat, partition, position);
        tracked.whenPassed(revision -> listener.passed(heartbeat, partition, position, revision));
    }

    /** One by one would be a look-up for each record. */
    private void count(String next) {
        if (!next.equals(outcome)) {
            countHandled();
            outcome = next;
        }
        handled++;
    }

    private void countHandled() {
        if (handled > 0) {
            metrics.recordsHandled(outcome, handled);
            handled = 0;
        }
    }

    private void add(Removal removal, TrackedBatch tracked) {
        if (bundle.isFull()) {
            flush(tracked);
        }
        bundle.add(removal);
    }

    private void flush(TrackedBatch tracked) {
        if (!bundle.isEmpty()) {
            tracked.addPart();
            effects.submit(bundle.build(), tracked::partDone);
        }
    }

    /**
     * True when no more should be handed out for now, by this share of the limits on bytes, fan-outs or dead letters.
     */
    boolean isFull(FlowLimits limits, double share) {
        return effects.isFull((long) (limits.inFlightBytes().bytes() * share), (long)
                        (limits.waitingBytes().bytes() * share))
                || deadLetters.isFull();
    }
}
