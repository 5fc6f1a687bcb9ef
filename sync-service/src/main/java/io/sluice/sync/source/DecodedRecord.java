package io.sluice.sync.source;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.RowChange;
import java.util.ArrayList;
import java.util.List;

/**
 * What one record of a change stream says. Immutable.
 *
 * @param position as text, a GTID set that contains the changes' transaction: with all transactions before it where the
 *     format has such sets; empty when the record has none
 * @param changes what changed; empty for records that carry no change, such as session variables
 * @param later the transactions after this one, where a format puts several into one record
 */
public record DecodedRecord(String position, List<RowChange> changes, List<DecodedRecord> later) {
    public DecodedRecord {
        requireNonNull(position, "position is null");
        changes = List.copyOf(changes);
        later = List.copyOf(later);
    }

    /** One transaction, or a part of one. */
    public DecodedRecord(String position, List<RowChange> changes) {
        this(position, changes, List.of());
    }

    /** Of several transactions, one or more, in their order. */
    static DecodedRecord of(List<DecodedRecord> transactions) {
        DecodedRecord first = transactions.getFirst();
        return new DecodedRecord(first.position, first.changes, transactions.subList(1, transactions.size()));
    }

    /** This transaction and the later ones. */
    public List<DecodedRecord> transactions() {
        if (later.isEmpty()) {
            return List.of(this);
        }
        List<DecodedRecord> all = new ArrayList<>();
        all.add(new DecodedRecord(position, changes));
        all.addAll(later);
        return all;
    }
}
