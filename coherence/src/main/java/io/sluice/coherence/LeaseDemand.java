package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which leases one Remove ends. Immutable.
 *
 * @param group the group
 * @param key the only key; null for those that {@code keys} accepts
 * @param keys which keys of the group; not asked where there is an only key
 * @param whole every key of the group, even those whose stamp covers the position
 * @param position of the change; leases whose stamp covers it stay. UNKNOWN spares none
 */
public record LeaseDemand(
        String group, @Nullable String key, Predicate<String> keys, boolean whole, SourcePosition position) {
    public LeaseDemand {
        requireNonNull(group, "group is null");
        requireNonNull(keys, "keys is null");
        requireNonNull(position, "position is null");
    }

    /** A Remove of one key. */
    public static LeaseDemand ofKey(String group, String key, SourcePosition position) {
        return new LeaseDemand(group, requireNonNull(key, "key is null"), each -> true, false, position);
    }

    /** A Remove of some keys, such as those that carry a tag. It waits for what is being revoked of the group, too. */
    public static LeaseDemand ofKeys(String group, Predicate<String> keys, SourcePosition position) {
        return new LeaseDemand(group, null, keys, false, position);
    }

    /** A Remove of a group: as in the stores, covering it proves nothing, since the history may have begun anew. */
    public static LeaseDemand ofGroup(String group, SourcePosition position) {
        return new LeaseDemand(group, null, each -> true, true, position);
    }

    boolean spares(SourcePosition stamp) {
        return !whole && stamp.covers(position);
    }
}
