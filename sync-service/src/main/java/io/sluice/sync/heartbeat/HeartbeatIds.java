package io.sluice.sync.heartbeat;

import io.sluice.coherence.AppliedPosition.Partition;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which rows of the heartbeat table have to be written so that one comes back in every partition. Canal chooses the
 * partition by a hash of the row's key, so it is found out: more and more ids are tried until every partition has
 * answered.
 *
 * <p>Safe for use by many threads. Invariant: never more than {@link #MAX_IDS} different ids are tried.
 */
final class HeartbeatIds {
    /** Enough for a hundred partitions, whatever the hash, and few enough to be tried in seconds. */
    static final int MAX_IDS = 1_024;

    private static final int FIRST_STEP = 16;
    /** What was written has this many beats to come back before more is tried. */
    private static final int PATIENCE = 5;
    /** The same once everything was tried in vain. */
    private static final int LONG_PATIENCE = 60;

    private final Map<Integer, Partition> found = new HashMap<>();
    private int tried;
    private int waited;
    private boolean exhausted;

    /** Ascending ids to write now: one for each partition that is known, and new ones while any is not. */
    synchronized SortedSet<Integer> next(Collection<Partition> partitions) {
        Set<Partition> missing = new HashSet<>(partitions);
        SortedSet<Integer> ids = new TreeSet<>();
        found.forEach((id, partition) -> {
            if (missing.remove(partition)) {
                ids.add(id);
            }
        });
        if (!missing.isEmpty() && (tried == 0 || ++waited >= (exhausted ? LONG_PATIENCE : PATIENCE))) {
            waited = 0;
            // From the first on again in the end: a partition may have been added.
            int from = tried >= MAX_IDS ? 0 : tried;
            tried = Math.min(MAX_IDS, from == 0 ? FIRST_STEP : 2 * from);
            exhausted |= tried == MAX_IDS;
            for (int id = from; id < tried; id++) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** A heartbeat came back. */
    synchronized void seen(int id, Partition partition) {
        if (id < MAX_IDS) {
            found.put(id, partition);
        }
    }

    /** Partitions in which no heartbeat was ever seen. */
    synchronized Set<Partition> silent(Collection<Partition> partitions) {
        Set<Partition> silent = new HashSet<>(partitions);
        silent.removeAll(found.values());
        return silent;
    }

    /** Whether all ids were tried at least once. */
    synchronized boolean exhausted() {
        return exhausted;
    }
}
