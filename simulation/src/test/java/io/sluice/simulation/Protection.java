package io.sluice.simulation;

/** What keeps an old value from coming back. The simulation can take each one out, and must then fail. */
enum Protection {
    /** A load's stamp is read before its SELECT begins. */
    STAMP_BEFORE_SELECT(NoStaleAnswer.class),
    /** A node remembers Removes, and keeps out what is older. */
    FENCE(NoStaleAnswer.class),
    /** What the fence forgets goes into its floor. */
    FLOOR_ON_OVERFLOW(NoStaleAnswer.class),
    /** With a range that a node gains comes a floor, for the Removes that it was never sent. */
    FLOOR_ON_GAINED_RANGE(NoStaleAnswer.class),
    /** Copies pass the fence like loads. */
    CHECK_ON_COPIES(NoStaleAnswer.class),
    /** A flight is joined only if the fence admits its stamp now. */
    JOIN_RULE(NoStaleAnswer.class),
    /** An entry answers only if its stamp covers {@code min_position}. */
    MIN_POSITION_ON_ENTRIES(ReadYourWrites.class),
    /** A flight is joined only if its stamp covers {@code min_position}. */
    MIN_POSITION_ON_FLIGHTS(ReadYourWrites.class),
    /** A Remove is done when all holders have acknowledged. */
    ALL_ACKNOWLEDGEMENTS(NoStaleAnswer.class),
    /** And the holders in all rings of the document. */
    ALL_RINGS(NoStaleAnswer.class),
    /** A ring becomes active only when every sync instance has confirmed its announcement. */
    ANNOUNCED_BEFORE_ACTIVE(NoStaleAnswer.class),
    /** The floor of a ring is read after a commit. */
    FLOOR_READ_AFTER_COMMIT(NoStaleAnswer.class),
    /** Nodes drop what they hold under no active or draining ring. */
    DROP_ON_CLOSING(NoStaleAnswer.class),
    /** A ring goes only when its members have confirmed that they hold nothing under it. */
    CLOSING_CONFIRMED(NoStaleAnswer.class),
    /** A member whose key is gone is waited for until its own trust in its lease has ended. */
    DEPARTED_WAITED_OUT(NoStaleAnswer.class),
    /** A node holds only as the incarnation that the ring lists. */
    HOLD_AS_INCARNATION(NoStaleAnswer.class),
    /** An applied position from before the active ring was announced does not count. */
    APPLIED_OF_OLDER_REVISION(HonestBound.class),
    /** Nor one for another incarnation: a second lock, behind that. */
    APPLIED_OF_OTHER_INCARNATION(HonestBound.class),
    /** What the source never will have is demanded of nobody. */
    PHANTOMS(EventuallyCurrent.class),
    /** A bound is no later than the last that was heard of every partition. */
    BOUND_CAPPED(HonestBound.class),
    /** A node whose lease is not sure to stand does not answer from memory. */
    SELF_FENCE(NoStaleAnswer.class),
    /** A Remove is acknowledged when what was lent of the key is back, or over. */
    LEASE_WAIT(NoStaleAnswer.class),
    /** A copy under lease keeps the stamp of who lent it. */
    COPIES_NOT_LIFTED(ReadYourWrites.class),
    /** A fence's record is the union of the positions of its Removes. */
    POSITIONS_MERGED(NoStaleAnswer.class),
    /** Stamp and row are read from the same server. */
    SAME_SERVER(NoStaleAnswer.class),
    /** Groups that are removed for a lost position are removed at the position that the primary has reached. */
    RESYNC_WITH_POSITION(NoStaleAnswer.class),
    /** The Remove of a group is a floor as well. */
    GROUP_CLEAR_WITH_FLOOR(NoStaleAnswer.class),
    /** XA commits, whose rows were told of when they were prepared, have the groups cleared. */
    XA_RESYNC(EventuallyCurrent.class),
    /** What is done while the registration is not sure is not committed. */
    COMMIT_PERMIT(NoStaleAnswer.class);

    /** What breaks without it. */
    final Class<? extends Invariant> keeps;

    Protection(Class<? extends Invariant> keeps) {
        this.keeps = keeps;
    }
}
