package io.sluice.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Since when the coordinator has seen what it waits for, by its own clock: a ring in its state, a life of a member
 * missing, the set of members unchanged. A new coordinator begins to count anew, which only makes it wait longer.
 *
 * <p>Not safe for concurrent access.
 */
final class Sightings {
    private final Map<Object, Long> since = new HashMap<>();
    private List<Member> desired = List.of();

    /** Takes note of what a view shows at a moment. */
    void update(ClusterView view, List<Member> nowDesired, long nowNanos) {
        if (!nowDesired.equals(desired)) {
            desired = nowDesired;
            since.remove(Quiet.MEMBERS);
        }
        Set<Object> current = new HashSet<>();
        current.add(Quiet.MEMBERS);
        TopologyDocument document = view.document();
        if (document != null) {
            for (String sync : document.syncs()) {
                if (!view.isRegistered(sync)) {
                    current.add(sync);
                }
            }
            for (RingRecord ring : document.rings()) {
                current.add(inState(ring));
                for (Member member : ring.members()) {
                    if (!view.isPresent(member)) {
                        current.add(missing(member));
                    }
                }
            }
        }
        since.keySet().retainAll(current);
        current.forEach(what -> since.putIfAbsent(what, nowNanos));
    }

    /** How long the registered members have been the same. */
    long quietNanos(long nowNanos) {
        return age(Quiet.MEMBERS, nowNanos);
    }

    /** How long a ring has been in its state, with the same reader of floors. */
    long ringNanos(RingRecord ring, long nowNanos) {
        return age(inState(ring), nowNanos);
    }

    /** How long a life of a member has been missing; 0 when it is there. */
    long missingNanos(Member member, long nowNanos) {
        return age(missing(member), nowNanos);
    }

    /** How long a life of a sync instance that the document lists has been missing; 0 when it is there. */
    long missingNanos(String sync, long nowNanos) {
        return age(sync, nowNanos);
    }

    private long age(Object what, long nowNanos) {
        return nowNanos - Objects.requireNonNullElse(since.get(what), nowNanos);
    }

    private static Object inState(RingRecord ring) {
        return List.of(ring.id(), ring.state(), ring.floorReader());
    }

    private static Object missing(Member member) {
        return List.of(member.name(), member.incarnation());
    }

    private enum Quiet {
        MEMBERS
    }
}
