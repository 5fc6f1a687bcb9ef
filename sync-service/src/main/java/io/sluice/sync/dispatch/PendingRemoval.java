package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A removal on its way: who has acknowledged it, who has yet to, and the rule for when it is done.
 *
 * <p>It is done when, by the topology at that moment, there is at least one holder, every holder in every ring has
 * acknowledged or is gone for good, and no receiver has spoken of a newer topology than ours. Why "at that moment":
 *
 * <ol>
 *   <li>the removal is sent to A and B, the holders by revision 7;
 *   <li>C becomes a holder by revision 8 and loads the old value;
 *   <li>A and B acknowledge. Done now would leave C's old value for ever.
 * </ol>
 *
 * <p>Why "in every ring":
 *
 * <ol>
 *   <li>the ring changes; C takes a key over from B, whose ring drains;
 *   <li>C acknowledges the removal of the key. Done now would leave B's old value, and B is peeked by C, or holds the
 *       key again after the next change.
 * </ol>
 *
 * <p>With no holder at all it waits: a node that comes may have loaded before.
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
    private @Nullable Recipients resolvedBy;
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

    /** The member is no longer sent to; if it is still waited for, {@link #advance} will name it again. */
    synchronized void giveUp(Member member) {
        outstanding.remove(member);
        resolvedBy = null;
    }

    /**
     * Resolves the holders and says what is to be done next. Revisions up to {@code seenRevision} hold nothing that is
     * not in the recipients' topology.
     */
    synchronized Advance advance(Recipients recipients, long seenRevision) {
        if (completed) {
            return Advance.NOTHING;
        }
        List<Member> sendTo = recipients.equals(resolvedBy) ? List.of() : resolve(recipients);
        if (!outstanding.isEmpty()) {
            return new Advance(Advance.Next.IN_FLIGHT, sendTo);
        }
        if (!anyHolder || Math.max(recipients.topology().revision(), seenRevision) < requiredRevision) {
            return Advance.WAIT_FOR_TOPOLOGY;
        }
        completed = true;
        return Advance.DONE;
    }

    private List<Member> resolve(Recipients recipients) {
        List<Member> missing = new ArrayList<>(4);
        for (Member holder : recipients.of(removal, hash)) {
            if (!acknowledged.contains(holder) && !outstanding.contains(holder)) {
                missing.add(holder);
            }
        }
        outstanding.addAll(missing);
        if (recipients.topology().revision() < resolvedRevision) {
            // History went back (etcd lost its data): what was heard of the lost one will never come.
            requiredRevision = Long.MIN_VALUE;
        }
        anyHolder = recipients.anyNamed(removal, hash);
        resolvedBy = recipients;
        resolvedRevision = recipients.topology().revision();
        return missing;
    }
}
