package io.sluice.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What this package needs of etcd: the keys of one cluster, named from its root on ({@link ClusterKeys}), and leases.
 *
 * <p>Thread-safe; nothing blocks. Every answer comes within seconds, else it fails with
 * {@link EtcdUnavailableException}; a failed write may have been done all the same. Reads are linearizable. Tests put a
 * fake here.
 */
interface EtcdStore extends AutoCloseable {
    /** All keys that begin so, at one revision. */
    CompletableFuture<Listing> list(String prefix);

    /** Changes of keys that begin so, from a revision on, until the watch is closed or ends by itself. */
    Watch watch(String prefix, long fromRevision, WatchSink sink);

    /** A new lease. */
    CompletableFuture<Long> grantLease(Duration ttl);

    /** Renews a lease; false when it no longer exists. */
    CompletableFuture<Boolean> keepAlive(long lease);

    /** Ends a lease and with it its keys; false when it no longer exists. */
    CompletableFuture<Boolean> revoke(long lease);

    /** Writes a key under a lease if it does not exist. Answers what stands there then. */
    CompletableFuture<StoredKey> createIfAbsent(String key, String value, long lease);

    /**
     * Writes a key if all conditions hold.
     *
     * @param lease 0 for none
     * @return whether it was written
     */
    CompletableFuture<Boolean> putIf(List<Condition> conditions, String key, String value, long lease);

    /** Throws the connection away and makes a new one, so that a long outage leaves no long connection backoff. */
    void reconnect();

    @Override
    void close();

    /** One key. */
    record StoredKey(String key, String value, long lease, long createRevision, long modRevision) {}

    /** Keys at a revision. */
    record Listing(long revision, List<StoredKey> keys) {}

    /** One change: what was written, or null for a deletion. */
    record Change(String key, long modRevision, @Nullable StoredKey stored) {}

    /** What must be so for a write; revision 0 means that there is no such key. */
    record Condition(String key, Of of, long revision) {
        /** Which revision of the key. */
        enum Of {
            CREATION,
            MODIFICATION
        }

        /** The key is the one that this revision created. */
        static Condition created(String key, long revision) {
            return new Condition(key, Of.CREATION, revision);
        }

        /** The key was last written by this revision. */
        static Condition modified(String key, long revision) {
            return new Condition(key, Of.MODIFICATION, revision);
        }
    }

    /** A running watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Hears from a watch, on threads of the store; must not block. */
    interface WatchSink {
        void changed(List<Change> changes);

        /** The watch is over: compacted, refused, broken or ended. Nothing follows. May be told more than once. */
        void ended(String reason);
    }
}
