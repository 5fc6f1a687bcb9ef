package io.sluice.node.peer;

/** What happens between this node and its peers, to be counted. Thread-safe; never blocks. */
public interface PeerEvents {
    /** Copies reached a replica; it did not keep {@code refused} of them. */
    void copiesSent(String replica, int copies, int refused);

    /** Copies were given up: their queue was full, or the replica did not answer. */
    void copiesDropped(String replica, int copies);
}
