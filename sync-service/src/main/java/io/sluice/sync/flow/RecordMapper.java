package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.source.ChangeSource;
import io.sluice.sync.source.DecodedRecord;
import io.sluice.sync.source.MalformedRecordException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the bytes of a record into removals. It never throws: a record that cannot be read becomes a removal of every
 * group that its table reaches, as far as the table could be read, and a {@link Problem}. Changes of the heartbeat
 * table are ours and ask for nothing.
 *
 * <p>Confined to one thread, since it remembers the last position it checked: all records of a transaction carry the
 * same long text. Invariant: every removal's position is a GTID set that nodes can read, or empty; empty takes away
 * more, never less.
 */
public final class RecordMapper {
    private static final Logger log = LoggerFactory.getLogger(RecordMapper.class);

    private final ChangeSource source;
    private Rules rules;
    private final HeartbeatTable heartbeats;
    private final PositionCheck positions = new PositionCheck();

    public RecordMapper(ChangeSource source, Rules rules, HeartbeatTable heartbeats) {
        this.source = requireNonNull(source, "source is null");
        this.rules = requireNonNull(rules, "rules is null");
        this.heartbeats = requireNonNull(heartbeats, "heartbeats is null");
    }

    /** Maps one record; null bytes are a record without value. */
    public MappedRecord map(byte @Nullable [] value) {
        try {
            return decode(value == null ? new byte[0] : value).transactions().stream()
                    .map(this::transaction)
                    .reduce(MappedRecord::and)
                    .orElseThrow();
        } catch (MalformedRecordException e) {
            return malformed(e);
        }
    }

    /** One that cannot be mapped does not keep the others from being mapped. */
    private MappedRecord transaction(DecodedRecord decoded) {
        try {
            return sound(decoded);
        } catch (MalformedRecordException e) {
            return malformed(e);
        }
    }

    /** Maps by these rules from the next record on. */
    public void use(Rules next) {
        rules = requireNonNull(next, "next is null");
    }

    private DecodedRecord decode(byte[] value) throws MalformedRecordException {
        try {
            return source.decode(value);
        } catch (RuntimeException e) {
            log.debug("Decoding failed", e);
            throw new MalformedRecordException(
                    MalformedRecordException.Kind.INTERNAL,
                    "decoding it failed with " + e.getClass().getSimpleName(),
                    "",
                    "",
                    "");
        }
    }

    private MappedRecord sound(DecodedRecord decoded) throws MalformedRecordException {
        boolean sound = positions.isSound(decoded.position());
        String position = sound ? decoded.position() : "";
        Problem problem = null;
        Collected collected = new Collected(position);
        for (RowChange change : decoded.changes()) {
            Heartbeat heartbeat = heartbeats.of(change);
            if (heartbeat != null) {
                collected.add(heartbeat);
            }
            List<Invalidation> invalidations = invalidations(change, decoded.position());
            collected.addAll(invalidations);
            for (Invalidation invalidation : invalidations) {
                if (invalidation.cause().isProblem() && problem == null) {
                    problem = new Problem(Problem.UNMAPPABLE, invalidation.reason());
                }
            }
        }
        if (problem == null && !sound && !collected.isEmpty()) {
            problem = new Problem(Problem.BAD_POSITION, "its position is no GTID set of at most 64 KiB");
        }
        return collected.with(problem);
    }

    private List<Invalidation> invalidations(RowChange change, String position) throws MalformedRecordException {
        try {
            return heartbeats.isOwn(change) ? List.of() : rules.invalidations(change);
        } catch (RuntimeException e) {
            log.debug("Mapping failed", e);
            throw new MalformedRecordException(
                    MalformedRecordException.Kind.INTERNAL,
                    "mapping it failed with " + e.getClass().getSimpleName(),
                    change.database(),
                    change.table(),
                    position);
        }
    }

    private MappedRecord malformed(MalformedRecordException e) {
        Problem problem = new Problem(e.kind().name().toLowerCase(Locale.ROOT), String.valueOf(e.getMessage()));
        if (e.table().isEmpty()) {
            return new MappedRecord(List.of(), problem);
        }
        Collected collected = new Collected(positions.isSound(e.position()) ? e.position() : "");
        collected.addAll(rules.invalidations(new RowChange.Unmappable(e.database(), e.table(), problem.message())));
        return collected.with(problem);
    }
}
