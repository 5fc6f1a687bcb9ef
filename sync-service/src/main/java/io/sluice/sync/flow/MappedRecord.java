package io.sluice.sync.flow;

import io.sluice.sync.dispatch.Removal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one record asks for. Immutable.
 *
 * @param removals without duplicates; empty when no rule reaches what changed
 * @param problem why the record also goes to the dead letters; null when it does not
 */
public record MappedRecord(List<Removal> removals, @Nullable Problem problem) {
    public MappedRecord {
        removals = List.copyOf(removals);
    }

    /** What this and a later transaction of the same record ask for. */
    MappedRecord and(MappedRecord later) {
        Set<Removal> all = new LinkedHashSet<>(removals);
        all.addAll(later.removals);
        return new MappedRecord(List.copyOf(all), problem == null ? later.problem : problem);
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
