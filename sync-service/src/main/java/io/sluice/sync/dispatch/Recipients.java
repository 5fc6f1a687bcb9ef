package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
 * dropped nothing yet: it <em>lingers</em>, and is sent every removal, until it is gone.
 *
 * @param topology the one adopted last
 * @param lingering lives that the topology does not name and that may still answer from memory
 * @param gone lives that the topology names and nobody waits for
 */
record Recipients(Topology topology, Set<Member> lingering, Set<Member> gone) {
    Recipients {
        requireNonNull(topology, "topology is null");
        lingering = Set.copyOf(lingering);
        gone = Set.copyOf(gone);
    }

    static Recipients of(Topology topology) {
        return new Recipients(topology, Set.of(), Set.of());
    }

    /** Who they are by the next topology. */
    Recipients adopt(Topology next) {
        Set<Member> nextLingering = new LinkedHashSet<>(lingering);
        for (RingRecord ring : topology.rings()) {
            if (ring.state() == RingState.ACTIVE || ring.state() == RingState.DRAINING) {
                nextLingering.addAll(ring.members());
            }
        }
        nextLingering.removeAll(gone);
        nextLingering.removeAll(next.members());
        Set<Member> nextGone = new LinkedHashSet<>(gone);
        nextGone.retainAll(next.members());
        return new Recipients(next, nextLingering, nextGone);
    }

    /** Who they are when these are gone as well. */
    Recipients without(Set<Member> moreGone) {
        Set<Member> nextLingering = new LinkedHashSet<>(lingering);
        nextLingering.removeAll(moreGone);
        Set<Member> nextGone = new LinkedHashSet<>(moreGone);
        nextGone.retainAll(topology.members());
        nextGone.addAll(gone);
        return new Recipients(topology, nextLingering, nextGone);
    }

    /** Everyone that is sent any removal. */
    List<Member> members() {
        return present(topology.members());
    }

    boolean contains(Member member) {
        return !gone.contains(member)
                && (lingering.contains(member) || topology.members().contains(member));
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
        present.addAll(lingering);
        return present;
    }
}
