package io.sluice.cluster;

/** An etcd that a test may treat badly. */
interface EtcdUnderTest {
    /** Such as {@code http://127.0.0.1:2379}; the same over restarts. */
    String endpoint();

    /** Ends the process at once; its data stays. */
    void kill() throws Exception;

    /** Starts it on its data; returns when it answers. */
    void start() throws Exception;

    /** Forgets the history up to now. */
    void compact() throws Exception;

    /** Ends the lease of a key. */
    void revokeLeaseOf(String key) throws Exception;
}
