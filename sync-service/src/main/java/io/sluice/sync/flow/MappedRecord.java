package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.heartbeat.Heartbeat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one record asks for. Immutable.
 *
 * @param removals without duplicates; empty when no rule reaches what changed
 * @param heartbeats rows of our own that it tells of
 * @param position the GTID set up to its changes; empty when it has none, or no heartbeat
 * @param problem why the record also goes to the dead letters; null when it does not
 */
public record MappedRecord(
        List<Removal> removals, @Nullable Problem problem, List<Heartbeat> heartbeats, String position) {
    public MappedRecord {
        removals = List.copyOf(removals);
        heartbeats = List.copyOf(heartbeats);
        requireNonNull(position, "position is null");
    }

    /** One that tells of no heartbeat. */
    public MappedRecord(List<Removal> removals, @Nullable Problem problem) {
        this(removals, problem, List.of(), "");
    }

    /** Whether it asks for removals and does not say of which position, so that nodes can only hold for a while. */
    public boolean lacksPosition() {
        return removals.stream().anyMatch(removal -> removal.position().isEmpty());
    }

    /**
     * In one word for metrics: the kind of the problem, {@code ignored}, {@code without_position} or {@code mapped}.
     */
    public String outcome() {
        if (problem != null) {
            return problem.kind();
        }
        if (removals.isEmpty()) {
            return "ignored";
        }
        return lacksPosition() ? "without_position" : "mapped";
    }
}
