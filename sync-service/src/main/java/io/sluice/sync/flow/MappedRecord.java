package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Invalidation;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.fanout.FanOutRequest;
import io.sluice.sync.heartbeat.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one record asks for. Immutable.
 *
 * @param removals without duplicates; empty when no rule reaches what changed
 * @param again after how long some of the removals are wanted once more
 * @param fanOuts queries that find more to remove, without duplicates
 * @param invalidations what all of this was made of, for counting
 * @param problem why the record also goes to the dead letters; null when it does not
 * @param heartbeats rows of our own that it tells of
 * @param position the GTID set up to its changes; empty when it has none
 */
public record MappedRecord(
        List<Removal> removals,
        Map<Removal, Duration> again,
        List<FanOutRequest> fanOuts,
        List<Invalidation> invalidations,
        @Nullable Problem problem,
        List<Heartbeat> heartbeats,
        String position) {
    public MappedRecord {
        removals = List.copyOf(removals);
        again = Map.copyOf(again);
        fanOuts = List.copyOf(fanOuts);
        invalidations = List.copyOf(invalidations);
        heartbeats = List.copyOf(heartbeats);
        requireNonNull(position, "position is null");
    }

    /** With nothing but removals. */
    public MappedRecord(List<Removal> removals, @Nullable Problem problem) {
        this(removals, Map.of(), List.of(), List.of(), problem, List.of(), "");
    }

    /**
     * What this and a later transaction of the same record ask for. The position is that of the earlier heartbeat,
     * since more of the later transaction may come in the next record.
     */
    MappedRecord and(MappedRecord later) {
        Map<Removal, Duration> bothAgain = new HashMap<>(again);
        bothAgain.putAll(later.again);
        return new MappedRecord(
                List.copyOf(union(removals, later.removals)),
                bothAgain,
                List.copyOf(union(fanOuts, later.fanOuts)),
                joined(invalidations, later.invalidations),
                problem == null ? later.problem : problem,
                joined(heartbeats, later.heartbeats),
                heartbeats.isEmpty() ? later.position : position);
    }

    private static <T> Set<T> union(Collection<T> earlier, Collection<T> later) {
        Set<T> both = new LinkedHashSet<>(earlier);
        both.addAll(later);
        return both;
    }

    private static <T> List<T> joined(List<T> earlier, List<T> later) {
        List<T> both = new ArrayList<>(earlier);
        both.addAll(later);
        return both;
    }

    /** Whether it asks for something and does not say of which position, so that nodes can only hold for a while. */
    public boolean lacksPosition() {
        return removals.stream().anyMatch(removal -> removal.position().isEmpty())
                || fanOuts.stream().anyMatch(fanOut -> fanOut.position().isEmpty());
    }

    private boolean isNothing() {
        return removals.isEmpty() && fanOuts.isEmpty();
    }

    /**
     * In one word for metrics: the kind of the problem, {@code ignored}, {@code without_position} or {@code mapped}.
     */
    public String outcome() {
        if (problem != null) {
            return problem.kind();
        }
        if (isNothing()) {
            return "ignored";
        }
        return lacksPosition() ? "without_position" : "mapped";
    }
}
