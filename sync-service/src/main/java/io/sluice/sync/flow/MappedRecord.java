package io.sluice.sync.flow;

import io.sluice.sync.dispatch.Removal;
import java.util.List;
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
}
