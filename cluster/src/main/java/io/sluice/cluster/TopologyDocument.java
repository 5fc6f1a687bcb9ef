package io.sluice.cluster;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the coordinator writes and everybody reads: the rings, the oldest first. It stands as JSON in one key of etcd,
 * whose modification revision is the topology revision that everybody quotes.
 *
 * <p>Immutable. Invariant: ids ascend; at most one ring is announced and at most one is active.
 *
 * @param lastRingId the greatest id that a ring of this cluster ever had, so that none is used twice
 * @param syncs lives of sync instances, as {@code name@incarnation}, that may still commit by the rings they know:
 *     those that are registered, and those that have been gone for less than a lease lasts
 */
public record TopologyDocument(long lastRingId, List<RingRecord> rings, List<String> syncs) {
    /** Most rings at once: the bound on how many nodes a Remove of one key must reach. */
    public static final int MAX_RINGS = 6;

    public TopologyDocument {
        rings = List.copyOf(rings);
        syncs = List.copyOf(syncs);
        if (rings.size() > MAX_RINGS) {
            throw new IllegalArgumentException(
                    "the document has " + rings.size() + " rings; at most " + MAX_RINGS + " are allowed");
        }
        long last = 0;
        for (RingRecord ring : rings) {
            if (ring.id() <= last || ring.id() > lastRingId) {
                throw new IllegalArgumentException("the ids of the rings do not ascend up to " + lastRingId);
            }
            last = ring.id();
        }
        if (count(rings, RingState.ANNOUNCED) > 1 || count(rings, RingState.ACTIVE) > 1) {
            throw new IllegalArgumentException("more than one ring is announced, or active");
        }
    }

    /** A document that counts on no sync instance. */
    public TopologyDocument(long lastRingId, List<RingRecord> rings) {
        this(lastRingId, rings, List.of());
    }

    /** The rings in a state, the oldest first. */
    public List<RingRecord> rings(RingState state) {
        return in(rings, state).toList();
    }

    /** The ring that everybody routes by; none until the first one is active. */
    public Optional<RingRecord> active() {
        return in(rings, RingState.ACTIVE).findFirst();
    }

    /** The ring that waits for the sync service. */
    public Optional<RingRecord> announced() {
        return in(rings, RingState.ANNOUNCED).findFirst();
    }

    private static long count(List<RingRecord> rings, RingState state) {
        return in(rings, state).count();
    }

    private static Stream<RingRecord> in(List<RingRecord> rings, RingState state) {
        return rings.stream().filter(ring -> ring.state() == state);
    }
}
