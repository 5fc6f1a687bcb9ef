package io.sluice.client;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.EtcdTls;
import io.sluice.cluster.Membership;
import io.sluice.cluster.StaticMembership;
import io.sluice.cluster.Topology;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link SluiceClient}: say where the members are known from ({@link #etcd} or {@link #members}), and build.
 *
 * <p>Not safe for concurrent access.
 */
public final class SluiceClientBuilder {
    /** For one request over all nodes that are asked. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(2);

    /** Largest answer that is accepted. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private List<String> endpoints = List.of();
    private String cluster = "sluice";
    private @Nullable IntFunction<Membership> source;
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable EtcdTls tls;
    private String namespace = "";
    private Duration startTimeout = EtcdSettings.DEFAULT_START_TIMEOUT;
    private Duration deadline = DEFAULT_DEADLINE;
    private int replicationFactor = Topology.DEFAULT_REPLICATION_FACTOR;
    private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
    private @Nullable NearCacheSettings nearCache;

    SluiceClientBuilder() {}

    /** The members are those registered in etcd, at these endpoints, such as {@code 127.0.0.1:2379}. */
    public SluiceClientBuilder etcd(String... newEndpoints) {
        endpoints = List.of(newEndpoints);
        return this;
    }

    /** Name of the cluster in etcd; "sluice" unless set. */
    public SluiceClientBuilder cluster(String newCluster) {
        cluster = requireNonNull(newCluster, "cluster is null");
        return this;
    }

    /** For etcd with authentication on. */
    public SluiceClientBuilder etcdUser(String newUsername, String newPassword) {
        username = newUsername;
        password = newPassword;
        return this;
    }

    /** TLS with etcd by https endpoints: certificates to trust and, where etcd asks for one, one's own. */
    public SluiceClientBuilder tls(EtcdTls newTls) {
        this.tls = requireNonNull(newTls, "newTls is null");
        return this;
    }

    /** The namespace that the nodes use in etcd; none unless set. */
    public SluiceClientBuilder etcdNamespace(String newNamespace) {
        namespace = requireNonNull(newNamespace, "namespace is null");
        return this;
    }

    /** How long {@link #build} waits for etcd. */
    public SluiceClientBuilder startTimeout(Duration newStartTimeout) {
        startTimeout = requireNonNull(newStartTimeout, "startTimeout is null");
        return this;
    }

    /**
     * The members are these, written as {@code name=host:port}. The names must be those that the nodes go by: the ring
     * places members by name, so with others every request would go to the wrong node and be forwarded.
     */
    public SluiceClientBuilder members(String... newMembers) {
        List<String> list = List.of(newMembers);
        source = replicas -> StaticMembership.parse(list, replicas);
        return this;
    }

    /** The members are those of a membership, which the client closes when it is closed. */
    public SluiceClientBuilder membership(Membership newMembership) {
        requireNonNull(newMembership, "membership is null");
        source = replicas -> newMembership;
        return this;
    }

    /** For one request over all nodes that are asked, unless the request says otherwise; 2 s unless set. */
    public SluiceClientBuilder deadline(Duration newDeadline) {
        if (newDeadline.isNegative() || newDeadline.isZero()) {
            throw new IllegalArgumentException("the deadline is " + newDeadline + ": give more than nothing");
        }
        deadline = newDeadline;
        return this;
    }

    /** The cluster's replication factor; only the order in which members are asked depends on it; 2 unless set. */
    public SluiceClientBuilder replicationFactor(int newReplicationFactor) {
        replicationFactor = newReplicationFactor;
        return this;
    }

    /** Largest answer that is accepted; 16 MiB unless set. */
    public SluiceClientBuilder maxMessageBytes(int newMaxMessageBytes) {
        maxMessageBytes = newMaxMessageBytes;
        return this;
    }

    /**
     * Keeps answers in this process, under leases of seconds from the nodes, which have them dropped before a change is
     * done; off unless set. Reads of single keys fill it, batches only use it. While the client is cut off or stands
     * still, a Remove of what it keeps waits for the end of the lease.
     */
    public SluiceClientBuilder nearCache(NearCacheSettings newNearCache) {
        nearCache = requireNonNull(newNearCache, "newNearCache is null");
        return this;
    }

    /**
     * Finds the members and makes the client. No connection to a node is made yet.
     *
     * @throws io.sluice.cluster.ClusterException when etcd does not answer in time
     * @throws IllegalArgumentException for a setting that is wrong; the message says which
     */
    public SluiceClient build() {
        return new SluiceClient(new Router(findMembers(), deadline, maxMessageBytes, nearCache));
    }

    private Membership findMembers() {
        if (source != null) {
            if (!endpoints.isEmpty()) {
                throw new IllegalArgumentException("both etcd and a list of members are given: give one");
            }
            return source.apply(replicationFactor);
        }
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("nowhere to learn of members: give etcd(...) or members(...)");
        }
        return EtcdMembership.open(
                new EtcdSettings(
                        endpoints,
                        cluster,
                        EtcdSettings.DEFAULT_LEASE_TTL,
                        startTimeout,
                        username,
                        password,
                        namespace,
                        tls),
                replicationFactor);
    }
}
