package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import java.util.ArrayList;
import java.util.List;

/**
 * A removal on its way: who has acknowledged it, who has yet to, and the rule for when it is done.
 *
 * <p>It is done when, by the topology at that moment, there is at least one holder, every holder has acknowledged, and
 * no receiver has spoken of a newer topology than ours. Why "at that moment":
 *
 * <ol>
 *   <li>the removal is sent to A and B, the holders by revision 7;
 *   <li>C becomes a holder by revision 8 and loads the old value;
 *   <li>A and B acknowledge. Done now would leave C's old value for ever.
 * </ol>
 *
 * <p>A member that left the topology is no longer waited for. With no member at all it waits: a node that comes may
 * have loaded before.
 *
 * <p>Safe for use by many threads; every method takes its own lock and calls nobody. Invariant: it is completed at most
 * once, and a member is outstanding from the moment {@link #advance} names it until it acknowledges or is given up.
 */
final class PendingRemoval {
    private final Removal removal;
    private final long hash;
    private final Runnable whenDone;

    private final List<Member> acknowledged = new ArrayList<>(2);
    private final List<Member> outstanding = new ArrayList<>(2);
    private boolean resolved;
    private boolean anyHolder;
    private long resolvedRevision = Long.MIN_VALUE;
    private long requiredRevision = Long.MIN_VALUE;
    private boolean completed;

    PendingRemoval(Removal removal, Runnable whenDone) {
        this.removal = requireNonNull(removal, "removal is null");
        this.whenDone = requireNonNull(whenDone, "whenDone is null");
        this.hash = removal.isKey() ? KeyHash.of(removal.group(), removal.key()) : 0;
    }

    Removal removal() {
        return removal;
    }

    /** To be run once, by whoever was told {@link Advance#DONE}. */
    Runnable whenDone() {
        return whenDone;
    }

    /** The member has applied it and knows a topology of this revision. */
    synchronized void acknowledge(Member member, long revisionOfReceiver) {
        outstanding.remove(member);
        acknowledged.add(member);
        requiredRevision = Math.max(requiredRevision, revisionOfReceiver);
    }

    /** The member is no longer waited for; if the topology still has it, {@link #advance} will name it again. */
    synchronized void giveUp(Member member) {
        outstanding.remove(member);
        resolved = false;
    }

    /**
     * Resolves the holders by this topology and says what is to be done next. Revisions up to {@code seenRevision} hold
     * nothing that is not in this topology.
     */
    synchronized Advance advance(Topology topology, long seenRevision) {
        if (completed) {
            return Advance.NOTHING;
        }
        List<Member> sendTo = resolved && topology.revision() == resolvedRevision ? List.of() : resolve(topology);
        if (!outstanding.isEmpty()) {
            return new Advance(Advance.Next.IN_FLIGHT, sendTo);
        }
        if (!anyHolder || Math.max(topology.revision(), seenRevision) < requiredRevision) {
            return Advance.WAIT_FOR_TOPOLOGY;
        }
        completed = true;
        return Advance.DONE;
    }

    private List<Member> resolve(Topology topology) {
        List<Member> holders = removal.isKey() ? topology.holders(hash) : List.copyOf(topology.members());
        List<Member> missing = new ArrayList<>(holders.size());
        for (Member holder : holders) {
            if (!acknowledged.contains(holder) && !outstanding.contains(holder)) {
                missing.add(holder);
            }
        }
        outstanding.addAll(missing);
        if (topology.revision() < resolvedRevision) {
            // History went back (etcd lost its data): what was heard of the lost one will never come.
            requiredRevision = Long.MIN_VALUE;
        }
        anyHolder = !holders.isEmpty();
        resolved = true;
        resolvedRevision = topology.revision();
        return missing;
    }
}
