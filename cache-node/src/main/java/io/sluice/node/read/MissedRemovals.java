package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The positions of Removes for groups that this node does not know, as when the sync service has new rules a moment
 * before it. They are acknowledged, since nothing is held, and yet a load may be on its way to the day when the group
 * comes:
 *
 * <pre>
 *    the sync service knows the group; the row changes; Remove: acknowledged
 *    this node comes to know the group
 * 1: loads from a replica that does not have the change yet; nothing in the new store's fence says no
 * </pre>
 *
 * So what comes is given what it missed as its floor. Thread-safe. Bounded by the number of names; for those beyond it
 * there is only the hold that every new store begins with.
 */
final class MissedRemovals {
    static final int MAX_NAMES = 1_000;

    private final ConcurrentHashMap<String, SourcePosition> positions = new ConcurrentHashMap<>();

    void record(String group, SourcePosition position) {
        if (positions.size() < MAX_NAMES || positions.containsKey(group)) {
            positions.merge(group, position, SourcePosition::union);
        }
    }

    /** The union of the positions recorded for the group, forgotten here; UNKNOWN when there is none. */
    SourcePosition take(String group) {
        SourcePosition position = positions.remove(group);
        return position == null ? SourcePosition.UNKNOWN : position;
    }
}
