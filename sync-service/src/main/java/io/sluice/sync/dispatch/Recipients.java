package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who has to acknowledge a removal: the holders in every ring of a topology, but for those lives of members that are
 * gone for good. Immutable, swapped whole.
 *
 * <p>A life is gone when its key has been missing for longer than lease TTL and margin, not when it is missing:
 *
 * <ol>
 *   <li>B's key is deleted, by hand or because its lease was revoked; B does not know yet and answers from memory;
 *   <li>a row changes; A acknowledges the removal. Done now, the offset is committed;
 *   <li>B answers the old value for as long as it believes in its lease.
 * </ol>
 *
 * <p>A ring leaves the topology by way of {@code closing}, when its members have dropped what they held under it. A
 * member that was in use a moment ago and is in no ring now (documents were missed, or etcd lost its data) has perhaps
 * dropped nothing yet: it <em>lingers</em>, and is sent every removal, for as long as it may answer from memory.
 *
 * @param topology the one adopted last
 * @param lingering lives that the topology does not name and that may still answer from memory, and since when, by
 *     {@link System#nanoTime}
 * @param gone lives that the topology names and nobody waits for
 */
record Recipients(Topology topology, Map<Member, Long> lingering, Set<Member> gone) {
    Recipients {
        requireNonNull(topology, "topology is null");
        lingering = Map.copyOf(lingering);
        gone = Set.copyOf(gone);
    }

    static Recipients of(Topology topology) {
        return new Recipients(topology, Map.of(), Set.of());
    }

    /** Who they are by the next topology, adopted at this moment. */
    Recipients adopt(Topology next, long nanoTime) {
        Map<Member, Long> nextLingering = new HashMap<>(lingering);
        for (RingRecord ring : topology.rings()) {
            if (ring.state() == RingState.ACTIVE || ring.state() == RingState.DRAINING) {
                ring.members().forEach(member -> nextLingering.put(member, nanoTime));
            }
        }
        nextLingering.keySet().removeAll(gone);
        nextLingering.keySet().removeAll(next.members());
        Set<Member> nextGone = new HashSet<>(gone);
        nextGone.retainAll(next.members());
        return new Recipients(next, nextLingering, nextGone);
    }

    /** Who they are when these are gone as well. */
    Recipients without(Set<Member> moreGone) {
        Map<Member, Long> nextLingering = new HashMap<>(lingering);
        nextLingering.keySet().removeAll(moreGone);
        Set<Member> nextGone = new HashSet<>(moreGone);
        nextGone.retainAll(topology.members());
        nextGone.addAll(gone);
        return new Recipients(topology, nextLingering, nextGone);
    }

    /** Whether the member lingers, and has since before this moment. */
    boolean lingersSince(Member member, long nanoTime) {
        Long since = lingering.get(member);
        return since != null && since - nanoTime < 0;
    }

    /** Everyone that is sent any removal. */
    List<Member> members() {
        return present(topology.members());
    }

    boolean contains(Member member) {
        return !gone.contains(member)
                && (lingering.containsKey(member) || topology.members().contains(member));
    }

    /** Who has to acknowledge this one. */
    List<Member> of(Removal removal, long hash) {
        return present(named(removal, hash));
    }

    /** Whether the topology names anybody for this one, gone or not. */
    boolean anyNamed(Removal removal, long hash) {
        return !named(removal, hash).isEmpty();
    }

    private List<Member> named(Removal removal, long hash) {
        return removal.isKey() ? topology.removalHolders(hash) : topology.members();
    }

    private List<Member> present(List<Member> named) {
        if (gone.isEmpty() && lingering.isEmpty()) {
            return named;
        }
        List<Member> present = new ArrayList<>(named);
        present.removeAll(gone);
        present.addAll(lingering.keySet());
        return present;
    }
}
