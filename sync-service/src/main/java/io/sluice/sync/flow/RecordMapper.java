package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.source.ChangeSource;
import io.sluice.sync.source.DecodedRecord;
import io.sluice.sync.source.MalformedRecordException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    private final Rules rules;
    private final HeartbeatTable heartbeats;
    private String checkedPosition = "";
    private boolean checkedPositionSound = true;

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

    /** The removals that make the cache forget everything the rules know of: for a position that is lost. */
    public List<Removal> everything() {
        return rules.groups().keySet().stream()
                .sorted()
                .map(group -> Removal.ofGroup(group, ""))
                .toList();
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
        String position = sound(decoded.position()) ? decoded.position() : "";
        Problem problem = null;
        Set<Removal> removals = new LinkedHashSet<>();
        for (RowChange change : decoded.changes()) {
            for (Invalidation invalidation : invalidations(change, decoded.position())) {
                removals.add(removal(invalidation, position));
                if (invalidation.cause().isProblem() && problem == null) {
                    problem = new Problem(Problem.UNMAPPABLE, invalidation.reason());
                }
            }
        }
        if (problem == null && !sound(decoded.position()) && !removals.isEmpty()) {
            problem = new Problem(Problem.BAD_POSITION, "its position is no GTID set of at most 64 KiB");
        }
        return new MappedRecord(new ArrayList<>(removals), problem);
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
        String position = sound(e.position()) ? e.position() : "";
        RowChange change = new RowChange.Unmappable(e.database(), e.table(), problem.message());
        List<Removal> removals = rules.invalidations(change).stream()
                .map(invalidation -> removal(invalidation, position))
                .distinct()
                .toList();
        return new MappedRecord(removals, problem);
    }

    private static Removal removal(Invalidation invalidation, String position) {
        return switch (invalidation.scope()) {
            case KEY -> Removal.ofKey(invalidation.group(), invalidation.key(), position);
            // Nodes do not keep tags yet: what carries the tag goes with its whole group.
            case TAG, GROUP -> Removal.ofGroup(invalidation.group(), position);
        };
    }

    private boolean sound(String position) {
        if (!position.equals(checkedPosition)) {
            checkedPosition = position;
            checkedPositionSound = parses(position);
        }
        return checkedPositionSound;
    }

    private static boolean parses(String position) {
        try {
            SourcePosition.parse(position);
            return true;
        } catch (PositionFormatException e) {
            return false;
        }
    }
}
