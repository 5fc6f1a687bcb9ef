package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

/**
 * Whether what is done may be committed. While the instance is registered nobody holds a key that removals do not
 * reach. Without, what it finishes is only provisionally done:
 *
 * <ol>
 *   <li>the instance is cut off from etcd, not from the nodes; its lease ends;
 *   <li>C becomes a holder by revision 8, for which nobody waits for this instance; C reads its floor, then loads a
 *       row;
 *   <li>the row changes; the instance has A and B, the holders by revision 7, forget it. Committed now, nobody would
 *       ever tell C.
 * </ol>
 *
 * So it waits. Registered again, it finds the revision that it knew when it was last sure of its registration, and
 * nothing has changed for as long as it was away; or another one, and starts over from what is committed. It compares
 * with the revision of that moment, not with the one it knows by now: a watch may bring a topology before the loss is
 * noticed. Told by a node of a topology that it cannot see, it leaves its partitions to an instance that can.
 *
 * <p>What was done while it was registered may be committed at any later time: it came before the floor of whoever
 * became a holder without it. So the question is asked after looking at what is done, and right before the commit.
 *
 * <p>Confined to the poll thread. Invariant: {@link Answer#COMMIT} only if the revision has stood still, or was changed
 * with this instance's consent, since the last {@link #startsOver}.
 */
final class CommitPermit {
    private final Registration registration;
    private long incarnation;
    private long revision;

    /** What is to be done with what is done. */
    enum Answer {
        COMMIT,
        /** Keep it: the registration is not sure at the moment. */
        WAIT,
        /** It may have missed a holder: consume again from what is committed. */
        START_OVER,
        /** Another instance must take over. */
        LEAVE
    }

    /** Nothing is done yet. */
    CommitPermit(Registration registration) {
        this.registration = requireNonNull(registration, "registration is null");
        startsOver();
    }

    Answer ask() {
        // In this order: if the lease stands, it stood when the revision was read, and it is that of the incarnation.
        long incarnationBefore = registration.incarnation();
        long revisionNow = registration.revision();
        if (!registration.leased() || registration.incarnation() != incarnationBefore) {
            return registration.heardOfNewer() ? Answer.LEAVE : Answer.WAIT;
        }
        if (incarnationBefore != incarnation && revisionNow != revision) {
            return Answer.START_OVER;
        }
        incarnation = incarnationBefore;
        revision = revisionNow;
        return Answer.COMMIT;
    }

    /** Nothing is done from now on: what was is forgotten. */
    void startsOver() {
        incarnation = registration.incarnation();
        revision = registration.revision();
    }
}
