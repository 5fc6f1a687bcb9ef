package io.sluice.cluster;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this package needs of etcd: the members' keys of one cluster, and leases.
 *
 * <p>Thread-safe. Every method answers or throws within seconds. Tests put a fake here.
 */
interface EtcdStore extends AutoCloseable {
    /** All member keys at one revision. */
    Listing list() throws EtcdUnavailableException;

    /** Changes of member keys from a revision on, until the watch is closed or ends by itself. */
    Watch watch(long fromRevision, WatchSink sink);

    /** The key of one member, or null when there is none. */
    @Nullable StoredMember read(String name) throws EtcdUnavailableException;

    /** A new lease. */
    long grantLease(Duration ttl) throws EtcdUnavailableException;

    /** Renews a lease; false when it no longer exists. */
    boolean keepAlive(long lease) throws EtcdUnavailableException;

    /** Ends a lease and with it its key; a lease that does not exist is fine. */
    void revoke(long lease) throws EtcdUnavailableException;

    /** Writes a member's key under a lease if the key does not exist. Answers the record that stands there then. */
    StoredMember createIfAbsent(String name, String value, long lease) throws EtcdUnavailableException;

    /** Throws the connection away and makes a new one, so that a long outage leaves no long connection backoff. */
    void reconnect();

    @Override
    void close();

    /** One member key. */
    record StoredMember(String name, String value, long lease, long createRevision, long modRevision) {}

    /** All member keys at a revision. */
    record Listing(long revision, List<StoredMember> records) {}

    /** One change: the record written, or null for a deletion. */
    record Change(String name, long modRevision, @Nullable StoredMember record) {}

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
