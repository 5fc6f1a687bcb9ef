package io.sluice.cluster;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code cluster} section that the configuration of every process shares: where its members are found.
 *
 * <p>Immutable. Either {@code etcd} or {@code members} is given, never both.
 *
 * @param etcd client addresses of etcd, such as {@code http://127.0.0.1:2379}
 * @param members a fixed list instead, each {@code name=host:port}; every process must be given the same names
 * @param name of the Sluice cluster: several can share one etcd; default {@code sluice}
 * @param replicationFactor holders of a key, 1 to 16; the same in every process; default 2
 * @param leaseTtl how long a member that went silent is counted on; default 5 s
 * @param startTimeout how long a start waits for etcd; default 15 s
 * @param username for etcd with authentication on
 * @param password for etcd with authentication on; write <code>${NAME}</code> and keep it in the environment
 * @param namespace put before every key, for an etcd that others use too
 * @param tls for etcd with {@code https} endpoints
 * @param invalidation {@code sync}, the default: no ring becomes active before the sync service knows it; {@code none}:
 *     there is no sync service, entries only expire. The same on every node
 * @param warmUp how long the previous ring drains after a change, so that its holders can be peeked; default 30 s; the
 *     same on every node
 */
public record ClusterConfig(
        @Nullable List<String> etcd,
        @Nullable List<String> members,
        @Nullable String name,
        @Nullable Integer replicationFactor,
        @Nullable Duration leaseTtl,
        @Nullable Duration startTimeout,
        @Nullable String username,
        @Nullable String password,
        @Nullable String namespace,
        @Nullable EtcdTls tls,
        @Nullable String invalidation,
        @Nullable Duration warmUp) {
    /** The name of a cluster that is not given another. */
    public static final String DEFAULT_NAME = "sluice";

    public ClusterConfig {
        if ((etcd == null) == (members == null)) {
            throw new IllegalArgumentException(
                    "give either etcd, a list such as [\"http://127.0.0.1:2379\"], or members, a list such as"
                            + " [\"node-1=127.0.0.1:7400\"]");
        }
        if (invalidation != null && !invalidation.equals("sync") && !invalidation.equals("none")) {
            throw new IllegalArgumentException("invalidation is \"" + invalidation + "\": write sync or none");
        }
    }

    /** How to reach etcd; null with a fixed list. */
    public @Nullable EtcdSettings etcdSettings() {
        if (etcd == null) {
            return null;
        }
        return new EtcdSettings(
                etcd,
                name == null ? DEFAULT_NAME : name,
                leaseTtl == null ? EtcdSettings.DEFAULT_LEASE_TTL : leaseTtl,
                startTimeout == null ? EtcdSettings.DEFAULT_START_TIMEOUT : startTimeout,
                username,
                password,
                namespace == null ? "" : namespace,
                tls);
    }

    /** How the ring changes. */
    public RingChanges ringChanges() {
        return new RingChanges(
                !"none".equals(invalidation),
                RingChanges.DEFAULT_DEBOUNCE,
                warmUp == null ? RingChanges.DEFAULT_WARM_UP : warmUp);
    }

    /**
     * Opens the membership that is configured.
     *
     * @throws ClusterException when etcd does not answer in time
     */
    public Membership open() {
        int factor = replicationFactor == null ? Topology.DEFAULT_REPLICATION_FACTOR : replicationFactor;
        EtcdSettings settings = etcdSettings();
        if (settings != null) {
            return EtcdMembership.open(settings, factor);
        }
        return StaticMembership.parse(members == null ? List.of() : members, factor);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "cluster " + (name == null ? DEFAULT_NAME : name) + " by "
                + (etcd == null ? "a list of members" : "etcd " + String.join(",", etcd));
    }
}
