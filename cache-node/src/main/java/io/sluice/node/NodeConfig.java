package io.sluice.node;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.Member;
import io.sluice.coherence.FenceLimits;
import io.sluice.config.Address;
import io.sluice.config.DataSize;
import io.sluice.mapping.Group;
import io.sluice.node.grpc.RequestLimits;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.lease.LeaseSettings;
import io.sluice.node.load.LoadSettings;
import io.sluice.node.record.FlightRecorder;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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
        @Nullable Store store,
        @Nullable Loads loads,
        @Nullable Limits limits,
        @Nullable HotKeys hotKeys,
        @Nullable Recorder recorder,
        @Nullable Leave leave,
        @Nullable Leases leases,
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
        Store section = storeSection();
        String name = section.policy();
        PolicyKind policy = name == null ? PolicyKind.DEFAULT : policy("store.policy", name);
        return new StoreSettings(requireNonNullElse(section.segments(), 16), policy, FenceLimits.DEFAULTS);
    }

    /** How the store of this group works; the policy it names comes before the node's. */
    public StoreSettings storeSettings(Group group) {
        StoreSettings settings = storeSettings();
        String name = group.policy();
        return name == null
                ? settings
                : settings.withPolicy(policy("groups." + group.name() + ".policy in the rules", name));
    }

    /** Bytes of each group that has a capacity of its own. */
    public Map<String, Long> groupCapacities() {
        Map<String, Long> capacities = new HashMap<>();
        requireNonNullElse(storeSection().groups(), Map.<String, DataSize>of())
                .forEach((group, size) -> capacities.put(group, size.bytes()));
        return Map.copyOf(capacities);
    }

    /** Bytes of all other groups together: what those with a capacity of their own leave of the node's. */
    public long sharedCapacity() {
        DataSize capacity = requireNonNullElse(storeSection().capacity(), new DataSize(256L << 20));
        long own =
                groupCapacities().values().stream().mapToLong(Long::longValue).sum();
        if (own > capacity.bytes()) {
            throw new IllegalArgumentException("store.groups asks for " + new DataSize(own)
                    + ", more than store.capacity, which is " + capacity + ": raise it, or lower theirs");
        }
        return capacity.bytes() - own;
    }

    private Store storeSection() {
        return requireNonNullElse(store, new Store(null, null, null, null));
    }

    private static PolicyKind policy(String what, String name) {
        try {
            return PolicyKind.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    public LoadSettings loadSettings() {
        Loads section = loadsSection();
        return new LoadSettings(
                within("loads.connections", requireNonNullElse(section.connections(), 10), 1, 1_000),
                within("loads.connect-timeout", requireNonNullElse(section.connectTimeout(), Duration.ofSeconds(1))),
                within("loads.timeout", requireNonNullElse(section.timeout(), Duration.ofSeconds(3))),
                valueBytes(),
                within("loads.rows", requireNonNullElse(section.rows(), 10_000), 1, 1_000_000),
                within(
                        "loads.poll-interval",
                        requireNonNullElse(section.pollInterval(), Duration.ofMillis(20)),
                        Duration.ofMillis(5),
                        Duration.ofSeconds(1)));
    }

    private Loads loadsSection() {
        return requireNonNullElse(loads, new Loads(null, null, null, null, null, null));
    }

    /** Where jars with loaders are; null for nowhere but on the class path. */
    @Nullable Path loaderJars() {
        String jars = loadsSection().jars();
        return jars == null ? null : Path.of(jars);
    }

    /** The same with the paths that {@code file}, which it was read from, gives relative to itself. */
    NodeConfig resolvedFrom(Path file) {
        Loads section = loads;
        if (section == null || section.jars() == null) {
            return this;
        }
        Loads resolved = new Loads(
                section.connections(),
                section.connectTimeout(),
                section.timeout(),
                section.rows(),
                file.resolveSibling(section.jars()).toString(),
                section.pollInterval());
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
                resolved,
                limits,
                hotKeys,
                recorder,
                leave,
                leases,
                unleasedStaleness);
    }

    private int valueBytes() {
        return within("limits.value", limitsSection().value(), 2 << 20, 8 << 20);
    }

    public RequestLimits requestLimits() {
        Limits section = limitsSection();
        int keysPerBatch =
                within("limits.keys-per-batch", requireNonNullElse(section.keysPerBatch(), 1_000), 1, 10_000);
        return new RequestLimits(
                within("limits.key", section.key(), 8 << 10, StoreKey.MAX_BYTES),
                valueBytes(),
                keysPerBatch,
                // An application's batch of removals goes to the holders as one.
                within(
                        "limits.removals-per-batch",
                        requireNonNullElse(section.removalsPerBatch(), 10_000),
                        keysPerBatch,
                        100_000),
                within("limits.pending-reads", requireNonNullElse(section.pendingReads(), 10_000), 1, 1_000_000),
                within("limits.response", section.response(), 4032 << 10, 15 << 20),
                within("limits.deadline", requireNonNullElse(section.deadline(), Duration.ofSeconds(5))));
    }

    public HotKeySettings hotKeySettings() {
        HotKeys section = requireNonNullElse(hotKeys, new HotKeys(null, null, null, null));
        HotKeySettings defaults = HotKeySettings.DEFAULTS;
        return new HotKeySettings(
                requireNonNullElse(section.copies(), defaults.copies()),
                requireNonNullElse(section.life(), defaults.life()),
                requireNonNullElse(section.rate(), defaults.rate()),
                requireNonNullElse(section.keys(), defaults.keys()));
    }

    /** How many events of keys the node remembers. */
    public int recorderEvents() {
        Integer events = recorder == null ? null : recorder.events();
        return within("recorder.events", requireNonNullElse(events, 1 << 16), 0, FlightRecorder.MAX_EVENTS);
    }

    public LeaseSettings leaseSettings() {
        Leases section = requireNonNullElse(leases, new Leases(null, null, null, null));
        LeaseSettings defaults = LeaseSettings.DEFAULTS;
        return new LeaseSettings(
                requireNonNullElse(section.longest(), defaults.longest()),
                requireNonNullElse(section.most(), defaults.most()),
                requireNonNullElse(section.mostOfStream(), defaults.mostOfStream()),
                requireNonNullElse(section.streams(), defaults.streams()));
    }

    Leaving leaving() {
        Leave section = requireNonNullElse(leave, new Leave(null, null));
        return new Leaving(
                requireNonNullElse(section.timeout(), Leaving.DEFAULTS.timeout()),
                requireNonNullElse(section.linger(), Leaving.DEFAULTS.linger()));
    }

    Duration unleasedStalenessBound() {
        return within(
                "unleased-staleness",
                requireNonNullElse(unleasedStaleness, Duration.ofSeconds(5)),
                Duration.ZERO,
                MOST_UNLEASED);
    }

    private Limits limitsSection() {
        return requireNonNullElse(limits, new Limits(null, null, null, null, null, null, null));
    }

    /**
     * What may be kept.
     *
     * @param capacity bytes of all groups together; default 256MiB
     * @param groups bytes of groups that have a capacity of their own, taken from the node's; the others share the rest
     * @param segments independently locked parts of each group's store, a power of two; default 16
     * @param policy name of the eviction policy of groups that choose none in the rules; default w-tinylfu
     */
    public record Store(
            @Nullable DataSize capacity,
            @Nullable Map<String, DataSize> groups,
            @Nullable Integer segments,
            @Nullable String policy) {}

    /**
     * How the source is read.
     *
     * @param connections most connections to one source; default 10
     * @param connectTimeout longest wait for a connection; default 1s, less than the client waits, so that it is told
     *     the reason
     * @param timeout longest run of a load query; default 3s
     * @param rows most rows of one value with {@code rows: many}; default 10000
     * @param jars directory of jars with Java loaders, relative to the configuration file; default none
     * @param pollInterval how often a source is asked for its position while loads come, 5ms to 1s; ten times more
     *     seldom while none do; default 20ms
     */
    public record Loads(
            @Nullable Integer connections,
            @Nullable Duration connectTimeout,
            @Nullable Duration timeout,
            @Nullable Integer rows,
            @Nullable String jars,
            @Nullable Duration pollInterval) {}

    /**
     * What requests may ask for.
     *
     * @param key longest key in bytes of UTF-8, at most 16383, which is what a store can keep; default 8KiB
     * @param value largest value; default 2MiB
     * @param response most bytes of one batch answer; default 4032KiB, which a client with gRPC's usual limit can
     *     receive
     * @param keysPerBatch most keys of one batch; default 1000
     * @param removalsPerBatch most removals of one batch from the sync service; default 10000
     * @param pendingReads most requests that wait for a load or a peer at a time; default 10000
     * @param deadline how long a read may take whose caller set no deadline; default 5s
     */
    public record Limits(
            @Nullable DataSize key,
            @Nullable DataSize value,
            @Nullable DataSize response,
            @Nullable Integer keysPerBatch,
            @Nullable Integer removalsPerBatch,
            @Nullable Integer pendingReads,
            @Nullable Duration deadline) {}

    /**
     * Copies of hot keys that this node does not hold, under lease from their owners.
     *
     * @param copies whether there are any; default true
     * @param life the lease that is asked for, 10ms to 2s; default 1s
     * @param rate from how many reads a second on a key is hot; default 100
     * @param keys most copies at a time; default 64
     */
    public record HotKeys(
            @Nullable Boolean copies,
            @Nullable Duration life,
            @Nullable Integer rate,
            @Nullable Integer keys) {}

    /**
     * The flight recorder.
     *
     * @param events how many events of keys are remembered, without keys and values; 0 for none; default 65536
     */
    public record Recorder(@Nullable Integer events) {}

    /**
     * Copies that clients and other nodes keep under lease.
     *
     * @param longest the longest lease and so the longest wait of a Remove, 10ms to 10s; default 2s
     * @param most most leases at a time; default 100000; 0 for none
     * @param mostOfStream most of them of one client or node; default 20000
     * @param streams most clients and nodes with leases; default 1000
     */
    public record Leases(
            @Nullable Duration longest,
            @Nullable Integer most,
            @Nullable Integer mostOfStream,
            @Nullable Integer streams) {}

    /**
     * How the node stops on SIGTERM.
     *
     * @param timeout longest wait for the others to take over; default 5s
     * @param linger how long it stays when they have, for peers to peek; default 2s
     */
    public record Leave(
            @Nullable Duration timeout, @Nullable Duration linger) {}
}
