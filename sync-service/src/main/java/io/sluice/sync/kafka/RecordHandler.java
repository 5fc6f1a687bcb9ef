package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.BundleBuilder;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.flow.MappedRecord;
import io.sluice.sync.flow.Problem;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out what records ask for: removals to the dispatcher, those of many records together, and the record itself to
 * the dead letters when something is wrong with it. Confined to the poll thread; never blocks and never throws for what
 * a record holds.
 *
 * <p>Invariant: a batch is done only when all removals of its records are done and every dead letter of one is stored.
 */
final class RecordHandler {
    private static final Logger log = LoggerFactory.getLogger(RecordHandler.class);

    private final RecordMapper mapper;
    private final Dispatcher dispatcher;
    private final DeadLetters deadLetters;
    private final ProblemLog problems;
    private final SyncMetrics metrics;
    private final BundleBuilder bundle = new BundleBuilder();
    private boolean toldOfMissingPosition;
    /** How many records with this outcome are handled and not counted yet. */
    private int handled;

    private String outcome = "";

    RecordHandler(
            RecordMapper mapper,
            Dispatcher dispatcher,
            DeadLetters deadLetters,
            ProblemLog problems,
            SyncMetrics metrics) {
        this.mapper = requireNonNull(mapper, "mapper is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.deadLetters = requireNonNull(deadLetters, "deadLetters is null");
        this.problems = requireNonNull(problems, "problems is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** Hands out some records of one partition, in the order of their offsets. */
    void handle(List<ConsumerRecord<byte[], byte[]>> records, TrackedBatch tracked) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            tracked.addRecord(record.offset());
            handle(record, tracked);
        }
        flush(tracked);
        countHandled();
    }

    /** What it asks for goes out with the next {@link #flush}. */
    private void handle(ConsumerRecord<byte[], byte[]> record, TrackedBatch tracked) {
        MappedRecord mapped = mapper.map(record.value());
        Problem problem = mapped.problem();
        if (problem != null) {
            problems.saw(problem, record, mapped.removals().size());
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
        count(mapped.outcome());
        add(mapped.removals(), tracked);
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

    /** Hands out the removal of everything, for a position that is lost. */
    void handleLostPosition(TrackedBatch tracked) {
        add(mapper.everything(), tracked);
        flush(tracked);
    }

    private void add(List<Removal> removals, TrackedBatch tracked) {
        for (Removal removal : removals) {
            if (bundle.isFull()) {
                flush(tracked);
            }
            bundle.add(removal);
        }
    }

    private void flush(TrackedBatch tracked) {
        if (!bundle.isEmpty()) {
            tracked.addPart();
            dispatcher.submit(bundle.build(), tracked::partDone);
        }
    }

    /** True when no more should be handed out for now, by this share of the limits on bytes, or the dead letters. */
    boolean isFull(FlowLimits limits, double share) {
        return dispatcher.footprintBytes() >= limits.inFlightBytes().bytes() * share
                || dispatcher.mostWaitingBytes() >= limits.waitingBytes().bytes() * share
                || deadLetters.isFull();
    }
}
