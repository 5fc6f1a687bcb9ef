package io.sluice.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.SimParts;
import io.sluice.cluster.SimProcess;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Staleness;
import io.sluice.node.SimNodeParts;
import io.sluice.node.grpc.SimNodeServices;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.Forwards;
import io.sluice.node.read.Freshness;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.ReadPath;
import io.sluice.node.read.StalenessBounds;
import io.sluice.node.read.Standing;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A simulated node: production store, read path, membership and services; its network and its source are simulated. */
final class SimNode extends SimProcess implements NodeParticipant.Callbacks {
    static final long CAPACITY = 4_000;
    static final FenceLimits FENCE = new FenceLimits(3, Duration.ofMillis(400), Duration.ofMillis(60));
    private static final TimeToLive TTL = new TimeToLive(Duration.ofHours(1), Duration.ofHours(1));
    /** Later than any moment of a run. */
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final Simulation simulation;
    private final Member self;
    private final EtcdMembership membership;
    private final NodeParticipant participant;
    private final CacheStore store;
    private final CacheGroup group;
    private final AppliedPositions applied;
    private final SimNodeParts parts;
    private final Holdings holdings;
    private final SimNodeServices services;
    private final SimRemovals removals;
    private final SimPoller poller;
    private final SimLeases leases;
    private final SimCopies copies;
    private final SimReads reads;
    private final Heard heard = new Heard();

    SimNode(Simulation simulation, String name) {
        super(simulation.world, name);
        this.simulation = simulation;
        this.self = Member.of(name, "h", 1);
        membership = SimParts.membership(simulation.etcd, this, Simulation.SETTINGS);
        Clocks clock = new Clocks(this::nanoTime, this::wallMillis);
        StalenessBounds bounds = new StalenessBounds();
        StalenessBound bound = bounds.of(simulation.source, true);
        applied = new AppliedPositions(
                simulation.has(Protection.BOUND_CAPPED) ? clock::now : () -> new Moment(NEVER, NEVER), bounds);
        poller = new SimPoller(simulation, this, clock, applied.polls(simulation.source));
        CacheStore whole = SegmentedStore.ofCapacity(
                CAPACITY,
                new StoreSettings(1, PolicyKind.LRU, FENCE),
                KeyHash.ofGroup(Simulation.GROUP)::hash,
                this::nanoTime);
        store = simulation.store(whole, this::nanoTime);
        group = new CacheGroup(
                Simulation.GROUP,
                Simulation.SOURCE,
                Coherence.GTID,
                store,
                new SimLoader(simulation, this),
                TTL,
                null,
                applied.of(Simulation.SOURCE),
                new Freshness(bound, Staleness.DEFAULT),
                0,
                new Standing());
        CacheGroups groups = new CacheGroups(Map.of(Simulation.GROUP, group));
        parts = new SimNodeParts(name, groups, applied, this::lendOnly, simulation.unleasedStaleness, clock);
        holdings = simulation.has(Protection.HOLD_AS_INCARNATION)
                ? parts.holdings()
                : new HoldingsByName(name, parts.holdings());
        leases = new SimLeases(simulation, this, holdings);
        copies = new SimCopies(simulation, this, group, holdings);
        PeerHeaders headers = new PeerHeaders(name, parts::incarnation, membership);
        services = new SimNodeServices(groups, holdings, applied, headers, SimEvents.NONE, this::nanoTime);
        removals = new SimRemovals(simulation, membership, services, leases, heard);
        SimPeers peers = new SimPeers(simulation, this);
        Forwards forwards = new Forwards(name, holdings, peers, SimEvents.NONE, SimEvents.NONE, clock);
        ReadPath path =
                new ReadPath(name, holdings, forwards, peers, SimEvents.NONE, copies::push, SimEvents.NONE, clock);
        reads = new SimReads(simulation, this, group, path, leases);
        participant = SimParts.node(
                simulation.etcd,
                this,
                Simulation.SETTINGS,
                membership,
                self,
                simulation.changes,
                simulation.blindness(),
                this);
        parts.fenceBy(simulation.has(Protection.SELF_FENCE) ? participant::leased : () -> true);
        in(0, poller::poll);
    }

    @Override
    public void registered(Member now) {
        parts.callbacks().registered(now);
    }

    @Override
    public void lost(String reason) {
        parts.callbacks().lost(reason);
    }

    @Override
    public void adopt(Topology topology) {
        heard.adopt(topology);
        if (store instanceof SwitchedStore switched) {
            switched.adopting = true;
            parts.callbacks().adopt(topology);
            switched.adopting = false;
        } else {
            parts.callbacks().adopt(topology);
        }
    }

    private void lendOnly(LongPredicate hashes) {
        leases.retainIf(key -> hashes.test(storeKey(key).hash()));
    }

    /** A call of the sync service; acknowledged with the revision that is known here. */
    void remove(byte[] bytes, LongConsumer acknowledged) {
        removals.remove(bytes, acknowledged);
    }

    ApplyPositionResponse apply(ApplyPositionRequest told) {
        ApplyPositionRequest.Builder request = told.toBuilder();
        if (!simulation.has(Protection.APPLIED_OF_OLDER_REVISION)) {
            request.getHeaderBuilder().setTopologyRevision(Long.MAX_VALUE);
        }
        if (!simulation.has(Protection.APPLIED_OF_OTHER_INCARNATION)) {
            request.getHeaderBuilder().setReceiverIncarnation(0);
        }
        return services.apply(request.build());
    }

    SimPoller poller() {
        return poller;
    }

    SimNodeServices services() {
        return services;
    }

    SimReads reads() {
        return reads;
    }

    SimCopies copies() {
        return copies;
    }

    Heard heard() {
        return heard;
    }

    SimLeases leases() {
        return leases;
    }

    /** Whether this node holds a key and is sure of its lease, so that the others count on it; only then it lends. */
    boolean isSureHolder(int key) {
        return holdings.isLeased() && mayHold(key);
    }

    @Nullable CacheEntry entry(int key) {
        return store.peek(storeKey(key));
    }

    /** The stamp that may be claimed for an entry, or null when there is none. */
    @Nullable SourcePosition liftedStamp(int key) {
        AppliedPosition.Snapshot before = group.applied().now();
        CacheEntry entry = entry(key);
        return entry == null ? null : group.applied().lift(entry.stamp(), before);
    }

    void leave() {
        run(() -> SimParts.leave(participant));
    }

    Topology topology() {
        return membership.topology();
    }

    Member asMember() {
        return self.withIncarnation(parts.incarnation());
    }

    boolean isOwner(int key) {
        Member owner = topology().owner(storeKey(key).hash());
        return owner != null && owner.name().equals(name);
    }

    boolean mayHold(int key) {
        return alive()
                && holdings.mayHold(holdings.topology(), group, storeKey(key).hash());
    }

    /** The version of a key in memory, or null. */
    @Nullable Transaction held(int key) {
        CacheEntry entry = store.peek(storeKey(key));
        return entry == null
                ? null
                : simulation.database.version(key, entry.found(), entry.found() ? version(entry.value()) : 0);
    }

    static long version(byte[] value) {
        return Long.parseLong(new String(value, UTF_8));
    }

    long storedBytes() {
        return store.stats().bytes();
    }

    /** For whoever wonders why a run does not end. */
    String state() {
        return this + ", " + store.stats() + ", A "
                + applied.of(Simulation.SOURCE).now() + ", reading " + reads.underWay()
                + (parts.isRouted() ? "" : ", not routed") + ", leased " + participant.leased();
    }

    private StoreKey storeKey(int key) {
        return group.storeKey(Integer.toString(key));
    }

    @Override
    public String toString() {
        return name + "@" + parts.incarnation();
    }
}
