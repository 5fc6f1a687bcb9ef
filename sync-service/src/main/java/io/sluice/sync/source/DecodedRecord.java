package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import java.util.List;

/**
 * What one record of a change stream says. Immutable.
 *
 * @param position the GTID set up to and including the changes, as text; empty when the record has none
 * @param changes what changed; empty for records that carry no change, such as session variables
 */
public record DecodedRecord(String position, List<RowChange> changes) {
    public DecodedRecord {
        requireNonNull(position, "position is null");
        changes = List.copyOf(changes);
    }
}
