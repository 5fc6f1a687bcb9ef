package io.sluice.sync.lost;

/** Why changes of a source may have been passed over, or values be in memory that it no longer has. */
public enum Loss {
    /** A partition's position neither covers the one before nor is covered by it. */
    INCOMPARABLE("incomparable", "a position in the change stream is of another history than the one before it"),
    /** The primary lacks transactions of its own that it had, or that the stream has told of. */
    SHRUNK(
            "shrunk",
            "its primary no longer has transactions that it had or that were published: it was reset or restored. If"
                    + " Canal was not, have it begin at a position that the primary has"),
    /** Another server is the primary. */
    SERVER_CHANGED("server_changed", "another server is its primary"),
    /** Transactions that were thought lost by a failover are there. */
    PHANTOMS_CAME("phantoms_came", "its primary has got transactions that it was thought never to have"),
    /** Rows that were published when they were prepared have become visible. */
    XA_COMMIT("xa_commit", "XA transactions were committed, whose rows were published when they were prepared"),
    /** The same, at a time when nobody of this process looked. */
    XA_UNSEEN("xa_unseen", "XA transactions may have been committed before this process began to look"),
    /** A record asked for something and had no position. */
    NO_POSITION(
            "no_position",
            "a record has no GTID set: set canal.instance.gtidon=true and have Canal begin at a GTID position, or"
                    + " declare the source with coherence: arrival");

    private final String label;
    private final String meaning;

    Loss(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** For metrics. */
    public String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }
}
