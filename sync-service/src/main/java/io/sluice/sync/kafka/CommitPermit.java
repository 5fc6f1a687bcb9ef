package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

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
    /** The incarnation and the revision of no moment at all. */
    private static final long NONE = Long.MIN_VALUE;

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
        if (!isSure(incarnationBefore)) {
            return registration.heardOfNewer() ? Answer.LEAVE : Answer.WAIT;
        }
        if (incarnationBefore != incarnation && revisionNow != revision) {
            return Answer.START_OVER;
        }
        incarnation = incarnationBefore;
        revision = revisionNow;
        return Answer.COMMIT;
    }

    /**
     * The revision by which nodes may be told that what is done was applied to them; empty when they may not. They may
     * also while the registration is not sure, so that their staleness bounds do not grow for as long as etcd is away:
     * who has become a holder without this instance goes by a later ring, and ignores what is told by an earlier one.
     *
     * <ol>
     *   <li>the instance is cut off from etcd; revision 8 makes C a holder, without it
     *   <li>a record is done by revision 7, by A and B
     *   <li>its watch brings revision 8. Told by that, C would lift what it holds over the record, and A and B what
     *       they hold over what only C was told.
     * </ol>
     *
     * So it is told by the revision of the last sure moment, and only while no other is known; and nothing of
     * {@link NewPartitions}.
     */
    OptionalLong toldBy() {
        return switch (ask()) {
            case COMMIT -> OptionalLong.of(revision);
            case WAIT ->
                revision != NONE && registration.revision() == revision
                        ? OptionalLong.of(revision)
                        : OptionalLong.empty();
            case START_OVER, LEAVE -> OptionalLong.empty();
        };
    }

    /**
     * Nothing is done from now on: what was is forgotten. To be called before anything is handed out again. If the
     * registration is not sure at the moment, the next sure moment starts over once more, whatever it finds:
     *
     * <ol>
     *   <li>it is told to start over; then the process stands still until its life has ended;
     *   <li>revision 7 becomes active without it, and C a holder;
     *   <li>it goes on and is registered as life 5, but still knows revision 5; it remembers life 5 and revision 5;
     *   <li>a record is done by A and B, the holders by revision 5;
     *   <li>revision 7 is adopted, and life 5 is sure. It is the life remembered, so the record would be committed, and
     *       nobody would ever tell C.
     * </ol>
     */
    void startsOver() {
        // In the order of ask().
        long incarnationBefore = registration.incarnation();
        long revisionNow = registration.revision();
        boolean sure = isSure(incarnationBefore);
        incarnation = sure ? incarnationBefore : NONE;
        revision = sure ? revisionNow : NONE;
    }

    private boolean isSure(long incarnationBefore) {
        return registration.leased() && registration.incarnation() == incarnationBefore;
    }
}
