package io.sluice.cluster;

/** What keeps a ring change safe. The simulation can take each one out, and must then fail. */
enum Protection {
    /** A ring is active only when every sync instance has confirmed it. */
    SYNC_CONFIRMS(NoUnseenHolder.class),
    /** A ring is active only with floors that were read after that, and its holders merge them. */
    FLOORS(NoStaleHit.class),
    /** A ring goes only when its members have confirmed that they hold nothing under it. */
    NODES_CONFIRM(NoUncountedAnswer.class),
    /** A member whose key is gone counts as a holder until its own trust in its lease has ended. */
    DEPARTED_WAITED_OUT(NoUncountedAnswer.class),
    /** A node whose lease is not sure to stand does not answer from memory. */
    SELF_FENCE(NoStaleHit.class),
    /** Nodes drop what they hold under no active or draining ring. */
    DROP_ON_CLOSING(NoBoomerang.class),
    /** A node holds only as the incarnation that the ring lists. */
    HOLD_AS_INCARNATION(NoUncountedAnswer.class),
    /** A Remove is done when the holders in all rings have acknowledged. */
    DONE_BY_ALL_RINGS(NoStaleHit.class);

    /** What breaks without it, whatever else does. */
    final Class<? extends SimInvariant> keeps;

    Protection(Class<? extends SimInvariant> keeps) {
        this.keeps = keeps;
    }
}
