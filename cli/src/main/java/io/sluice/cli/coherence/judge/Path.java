package io.sluice.cli.coherence.judge;

/** How a read came to its answer: as whom the node that was asked holds the key, or what was asked. */
public enum Path {
    /** Asked of the owner of the key, as a client does that knows the ring. */
    OWNER("owner"),
    /** Asked of a replica. */
    REPLICA("replica"),
    /** Asked of a node that does not hold the key, and forwards. */
    FORWARD("forward"),
    /** One of several keys of a GetMany. */
    BATCH("batch"),
    /** Asked of a client with a near cache, which may have a copy. */
    NEAR("near");

    private final String title;

    Path(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
