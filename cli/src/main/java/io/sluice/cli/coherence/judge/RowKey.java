package io.sluice.cli.coherence.judge;

import static java.util.Objects.requireNonNull;

/**
 * A key of one of the groups that are read. Immutable.
 *
 * @param group name of the group
 * @param id of the row, which is the key
 */
public record RowKey(String group, int id) {
    public RowKey {
        requireNonNull(group, "group is null");
    }

    /** The key as the group has it. */
    public String key() {
        return Integer.toString(id);
    }
}
