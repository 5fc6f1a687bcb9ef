package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
 * <p>A ring leaves the topology by way of {@code closing}, when its members have dropped what they held under it. The
 * members of a ring that was in use a moment ago and is not there now (documents were missed, or etcd lost its data)
 * have perhaps dropped nothing yet: they <em>linger</em>, and are sent every removal, for as long as they may answer
 * from memory. It does not matter that the next topology names them again, since it may do so for other keys:
 *
 * <ol>
 *   <li>B is the holder of a key in ring 3; the document is deleted;
 *   <li>the next one has ring 4 with A and B, in which A is the holder of that key; B has not seen it yet;
 *   <li>the row changes; A acknowledges. Done now, B answers the old value until it sees ring 4.
 * </ol>
 *
 * @param topology the one adopted last
 * @param lingering lives that may still answer from memory by a ring that the topology does not have, and since when,
 *     by {@link System#nanoTime}
 * @param gone lives that the topology names and nobody waits for
 */
record Recipients(Topology topology, Map<Member, Long> lingering, Set<Member> gone) {
    Recipients {
        requireNonNull(topology, "topology is null");
        // Not Map.copyOf: the order in which members are told is to be the same in every JVM, for the simulation.
        lingering = Collections.unmodifiableMap(new HashMap<>(lingering));
        gone = Collections.unmodifiableSet(new HashSet<>(gone));
    }

    static Recipients of(Topology topology) {
        return new Recipients(topology, Map.of(), Set.of());
    }

    /** Who they are by the next topology, adopted at this moment. */
    Recipients adopt(Topology next, long nanoTime) {
        Map<Member, Long> nextLingering = new HashMap<>(lingering);
        for (RingRecord ring : topology.rings()) {
            boolean inUse = ring.state() == RingState.ACTIVE || ring.state() == RingState.DRAINING;
            if (inUse && next.rings().stream().noneMatch(other -> isSame(ring, other))) {
                ring.members().forEach(member -> nextLingering.put(member, nanoTime));
            }
        }
        nextLingering.keySet().removeAll(gone);
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

    private static boolean isSame(RingRecord one, RingRecord other) {
        return one.id() == other.id() && one.members().equals(other.members());
    }

    /** Whether any member lingers since before this moment. */
    boolean anyLingersSince(long nanoTime) {
        return lingering.values().stream().anyMatch(since -> since - nanoTime < 0);
    }

    /** Who they are when nobody lingers any more that has since before this moment. */
    Recipients withoutLingeringSince(long nanoTime) {
        Map<Member, Long> nextLingering = new HashMap<>(lingering);
        nextLingering.values().removeIf(since -> since - nanoTime < 0);
        return new Recipients(topology, nextLingering, gone);
    }

    /** Everyone that is sent any removal. */
    List<Member> members() {
        return present(topology.members());
    }

    boolean contains(Member member) {
        return !gone.contains(member)
                && (lingering.containsKey(member) || topology.members().contains(member));
    }

    /** Who may hold, by the topology, gone or not: a key with this hash, or anything at all. */
    List<Member> named(boolean key, long hash) {
        return key ? topology.removalHolders(hash) : topology.members();
    }

    /** Who has to acknowledge what these may hold. */
    List<Member> present(List<Member> named) {
        if (gone.isEmpty() && lingering.isEmpty()) {
            return named;
        }
        Set<Member> present = new LinkedHashSet<>(named);
        present.removeAll(gone);
        present.addAll(lingering.keySet());
        return List.copyOf(present);
    }

    /** Members that have to acknowledge removals now which they had not to by those recipients. */
    Set<Member> mayHoldMoreThan(Recipients before) {
        Set<Member> more = new HashSet<>(lingering.keySet());
        more.removeAll(before.lingering.keySet());
        for (RingRecord ring : topology.rings()) {
            if (before.topology.rings().stream().noneMatch(other -> isSame(ring, other))) {
                more.addAll(ring.members());
            }
        }
        return more;
    }
}
