package io.sluice.node;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.Member;
import io.sluice.config.Address;
import io.sluice.mapping.Group;
import io.sluice.node.grpc.RequestLimits;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.lease.LeaseSettings;
import io.sluice.node.load.LoadSettings;
import io.sluice.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of a node. Immutable: what the file says, and methods that give it with the defaults filled in
 * and the limits checked (IllegalArgumentException).
 *
 * @param name unique in the cluster and stable over restarts
 * @param rules path of the rules file, relative to the configuration file; or {@code etcd}, where they are published
 * @param cluster where the other members are
 * @param listen where gRPC is served; default 127.0.0.1:7400
 * @param advertise where others reach it, when that is not where it listens
 * @param admin where metrics and health are served; default 127.0.0.1:7480
 * @param weight share of keys relative to the other members; default 1
 * @param zone failure domain; default none
 * @param store what may be kept
 * @param loads how the source is read
 * @param limits what requests may ask for
 * @param hotKeys whether answers of hot keys of other nodes are kept for a moment
 * @param recorder what is remembered of keys for who asks why an answer was old
 * @param leave how the node stops
 * @param leases what copies are lent
 * @param unleasedStaleness the staleness bound within which it answers from memory while its lease in etcd is not sure
 *     to stand; 0s for never; default 5s
 */
public record NodeConfig(
        String name,
        String rules,
        ClusterConfig cluster,
        @Nullable Address listen,
        @Nullable Address advertise,
        @Nullable Address admin,
        @Nullable Integer weight,
        @Nullable String zone,
        @Nullable StoreSection store,
        @Nullable LoadsSection loads,
        @Nullable LimitsSection limits,
        @Nullable HotKeysSection hotKeys,
        @Nullable RecorderSection recorder,
        @Nullable LeaveSection leave,
        @Nullable LeasesSection leases,
        @Nullable Duration unleasedStaleness) {
    private static final Duration MOST_UNLEASED = Duration.ofMinutes(1);
    private static final int DEFAULT_PORT = 7400;
    private static final int DEFAULT_ADMIN_PORT = 7480;

    public NodeConfig {
        requireNonNull(name, "name is null");
        requireNonNull(rules, "rules is null");
        requireNonNull(cluster, "cluster is null");
    }

    public Address listenAddress() {
        return requireNonNullElse(listen, Address.onLoopback(DEFAULT_PORT));
    }

    public Address adminAddress() {
        return requireNonNullElse(admin, Address.onLoopback(DEFAULT_ADMIN_PORT));
    }

    /** This node as the others see it, listening on {@code boundPort}; the incarnation comes with the registration. */
    public Member member(int boundPort) {
        Address address =
                requireNonNullElse(advertise, new Address(listenAddress().hostName(), boundPort));
        return new Member(
                name,
                address.hostName(),
                address.port(),
                0,
                requireNonNullElse(weight, 1),
                requireNonNullElse(zone, ""));
    }

    /** How the stores of groups work that name no policy of their own. */
    public StoreSettings storeSettings() {
        return storeSection().settings();
    }

    /** How the store of this group works; the policy it names comes before the node's. */
    public StoreSettings storeSettings(Group group) {
        return storeSection().settings(group);
    }

    /** Bytes of each group that has a capacity of its own. */
    public Map<String, Long> groupCapacities() {
        return storeSection().groupCapacities();
    }

    /** Bytes of all other groups together: what those with a capacity of their own leave of the node's. */
    public long sharedCapacity() {
        return storeSection().sharedCapacity();
    }

    private StoreSection storeSection() {
        return requireNonNullElse(store, StoreSection.DEFAULTS);
    }

    public LoadSettings loadSettings() {
        return loadsSection().settings(limitsSection().valueBytes());
    }

    private LoadsSection loadsSection() {
        return requireNonNullElse(loads, LoadsSection.DEFAULTS);
    }

    /** Where jars with loaders are; null for nowhere but on the class path. */
    @Nullable Path loaderJars() {
        String jars = loadsSection().jars();
        return jars == null ? null : Path.of(jars);
    }

    /** The same with the paths that {@code file}, which it was read from, gives relative to itself. */
    NodeConfig resolvedFrom(Path file) {
        if (loads == null) {
            return this;
        }
        return new NodeConfig(
                name,
                rules,
                cluster,
                listen,
                advertise,
                admin,
                weight,
                zone,
                store,
                loads.resolvedFrom(file),
                limits,
                hotKeys,
                recorder,
                leave,
                leases,
                unleasedStaleness);
    }

    public RequestLimits requestLimits() {
        return limitsSection().settings();
    }

    public HotKeySettings hotKeySettings() {
        return requireNonNullElse(hotKeys, HotKeysSection.DEFAULTS).settings();
    }

    /** How many events of keys the node remembers. */
    public int recorderEvents() {
        return requireNonNullElse(recorder, RecorderSection.DEFAULTS).mostEvents();
    }

    public LeaseSettings leaseSettings() {
        return requireNonNullElse(leases, LeasesSection.DEFAULTS).settings();
    }

    Leaving leaving() {
        return requireNonNullElse(leave, LeaveSection.DEFAULTS).settings();
    }

    Duration unleasedStalenessBound() {
        return within(
                "unleased-staleness",
                requireNonNullElse(unleasedStaleness, Duration.ofSeconds(5)),
                Duration.ZERO,
                MOST_UNLEASED);
    }

    private LimitsSection limitsSection() {
        return requireNonNullElse(limits, LimitsSection.DEFAULTS);
    }
}
