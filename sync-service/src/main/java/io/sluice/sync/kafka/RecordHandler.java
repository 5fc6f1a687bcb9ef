package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.MappedRecord;
import io.sluice.sync.flow.Problem;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.metrics.SyncMetrics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out what one record asks for: its removals and fan-outs, and the record itself to the dead letters when
 * something is wrong with it. Confined to the poll thread; never blocks and never throws for what a record holds.
 *
 * <p>Invariant: a record is done only when all its removals and fan-outs are done and, if it has one, its dead letter
 * is stored.
 */
final class RecordHandler {
    private static final Logger log = LoggerFactory.getLogger(RecordHandler.class);

    private final RecordMapper mapper;
    private final Effects effects;
    private final DeadLetters deadLetters;
    private final ProblemLog problems;
    private final SyncMetrics metrics;
    private boolean toldOfMissingPosition;

    RecordHandler(
            RecordMapper mapper, Effects effects, DeadLetters deadLetters, ProblemLog problems, SyncMetrics metrics) {
        this.mapper = requireNonNull(mapper, "mapper is null");
        this.effects = requireNonNull(effects, "effects is null");
        this.deadLetters = requireNonNull(deadLetters, "deadLetters is null");
        this.problems = requireNonNull(problems, "problems is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** Hands out one record. */
    void handle(ConsumerRecord<byte[], byte[]> record, TrackedRecord tracked) {
        MappedRecord mapped = mapper.map(record.value());
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
        metrics.recordHandled(mapped.outcome());
        mapped.invalidations().forEach(one -> metrics.invalidation(one.group(), one.cause()));
        handOut(mapped, tracked);
    }

    private void handOut(MappedRecord mapped, TrackedRecord tracked) {
        effects.handOut(mapped, () -> {
            tracked.addPart();
            return tracked::partDone;
        });
        tracked.sealed();
    }

    /** True when no more should be handed out for now, by the limits on removals, fan-outs and dead letters. */
    boolean isFull(int maxRemovals) {
        return effects.isFull(maxRemovals) || deadLetters.isFull();
    }
}
