package io.sluice.sync;

import static java.util.Objects.requireNonNullElse;

import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Membership;
import io.sluice.cluster.StaticMembership;
import io.sluice.cluster.Topology;
import io.sluice.config.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the nodes are known from: etcd, or a fixed list. Immutable.
 *
 * @param etcd etcd's client addresses, such as {@code http://127.0.0.1:2379}; not together with {@code members}
 * @param cluster name of the cluster in etcd (default {@code sluice})
 * @param namespace put before every key in etcd (default none)
 * @param username for etcd with authentication
 * @param password for etcd with authentication
 * @param members a fixed list, each {@code name=host:port}; not together with {@code etcd}
 * @param replicationFactor holders of each key; the same as on the nodes (default 2)
 */
public record MembershipSettings(
        @Nullable List<String> etcd,
        @Nullable String cluster,
        @Nullable String namespace,
        @Nullable String username,
        @Nullable Secret password,
        @Nullable List<String> members,
        @Nullable Integer replicationFactor) {
    public MembershipSettings {
        cluster = requireNonNullElse(cluster, "sluice");
        namespace = requireNonNullElse(namespace, "");
        replicationFactor = requireNonNullElse(replicationFactor, Topology.DEFAULT_REPLICATION_FACTOR);
        if ((etcd == null) == (members == null)) {
            throw new IllegalArgumentException(
                    "membership needs either etcd (a list of http://host:port) or members (a list of name=host:port)");
        }
        if (members != null && members.isEmpty()) {
            throw new IllegalArgumentException("membership.members is empty: name at least one node as name=host:port");
        }
        if (etcd != null) {
            // Checked with everything else, before anything is connected.
            settings(etcd, cluster, namespace, username, password);
        }
    }

    /** Opens the membership; throws {@link io.sluice.cluster.ClusterException} when etcd does not answer. */
    public Membership open() {
        if (etcd != null) {
            return EtcdMembership.open(
                    settings(etcd, cluster, namespace, username, password), replicationFactor);
        }
        return StaticMembership.parse(requireNonNullElse(members, List.of()), replicationFactor);
    }

    private static EtcdSettings settings(
            List<String> etcd,
            String cluster,
            String namespace,
            @Nullable String username,
            @Nullable Secret password) {
        EtcdSettings settings = EtcdSettings.of(etcd, cluster).withNamespace(namespace);
        return username == null || password == null ? settings : settings.withUser(username, password.reveal());
    }
}
