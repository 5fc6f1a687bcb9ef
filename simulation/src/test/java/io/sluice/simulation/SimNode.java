package io.sluice.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.SimParts;
import io.sluice.cluster.SimProcess;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Staleness;
import io.sluice.node.SimNodeParts;
import io.sluice.node.grpc.SimNodeServices;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.Admission;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.CopyMessages;
import io.sluice.node.read.Forwards;
import io.sluice.node.read.Freshness;
import io.sluice.node.read.Holdings;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadPath;
import io.sluice.node.read.StalenessBounds;
import io.sluice.node.read.Standing;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    /** Of real time, for which the JDK remembers a thread that waits, and all of a run that has ended with it. */
    private static final int PATIENCE_SECONDS = 10;

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
    private final SimPoller poller;
    private final SimLeases leases = new SimLeases(this);
    private final ReadPath path;
    private final Admission admission;
    /** What was heard of Removes, by key, and of groups and floors of rings. */
    private final SourcePosition[] heard = new SourcePosition[SimDatabase.KEYS];

    private SourcePosition heardOfAll = SourcePosition.UNKNOWN;
    private int reading;

    SimNode(Simulation simulation, String name) {
        super(simulation.world, name);
        this.simulation = simulation;
        this.self = SimNodeParts.member(name);
        java.util.Arrays.fill(heard, SourcePosition.UNKNOWN);
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
        store = simulation.isStoreWhole() ? whole : new SwitchedStore(whole, simulation.protections, this::nanoTime);
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
        holdings = simulation.has(Protection.HOLD_AS_INCARNATION) ? parts.holdings() : new HoldingsByName();
        PeerHeaders headers = new PeerHeaders(name, parts::incarnation, membership);
        services = new SimNodeServices(groups, holdings, applied, headers, SimEvents.NONE, this::nanoTime);
        SimPeers peers = new SimPeers(simulation, this);
        Forwards forwards = new Forwards(name, holdings, peers, SimEvents.NONE, SimEvents.NONE, clock);
        path = new ReadPath(name, holdings, forwards, peers, SimEvents.NONE, this::copy, SimEvents.NONE, clock);
        admission = new Admission(holdings);
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
        for (RingRecord ring : topology.rings()) {
            ring.floors().values().forEach(floor -> heardOfAll = heardOfAll.union(floor));
        }
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
        PeerRemoveRequest request;
        try {
            request = PeerRemoveRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        PeerRemoveRequest told =
                simulation.has(Protection.RESYNC_WITH_POSITION) ? request : withoutPositionsOfGroups(request);
        if (services.remove(told)) {
            request.getRemovalsList().forEach(removal -> hear(request, removal));
            Runnable acknowledge =
                    () -> acknowledged.accept(membership.topology().revision());
            leases.revoke(services.demands(told), simulation.has(Protection.LEASE_WAIT) ? acknowledge : () -> {});
            if (!simulation.has(Protection.LEASE_WAIT)) {
                acknowledge.run();
            }
        }
    }

    private void hear(PeerRemoveRequest request, Removal removal) {
        String text = request.getPositions(removal.getPositionIndex()).getGtidSet();
        SourcePosition position = SourcePosition.parse(text);
        if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_KEY) {
            int key = Integer.parseInt(removal.getKey());
            heard[key] = heard[key].union(position);
        } else {
            heardOfAll = heardOfAll.union(position);
        }
    }

    private static PeerRemoveRequest withoutPositionsOfGroups(PeerRemoveRequest request) {
        PeerRemoveRequest.Builder changed = request.toBuilder();
        int none = request.getPositionsCount();
        changed.addPositions(Position.getDefaultInstance());
        for (Removal.Builder removal : changed.getRemovalsBuilderList()) {
            if (removal.getScope() == RemovalScope.REMOVAL_SCOPE_GROUP) {
                removal.setPositionIndex(none);
            }
        }
        return changed.build();
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

    /** A read by a client, or forwarded by another node; null when there is no answer. */
    void get(int key, SourcePosition minPosition, boolean forwarded, Consumer<@Nullable Answer> reply) {
        Read read = read(key, minPosition, forwarded);
        Answer kept = path.fromMemory(
                simulation.has(Protection.MIN_POSITION_ON_ENTRIES)
                        ? read
                        : read(key, SourcePosition.UNKNOWN, forwarded));
        if (kept == null && !forwarded) {
            kept = leased(read);
        }
        if (kept != null) {
            reply.accept(kept);
            return;
        }
        if (reading >= Simulation.MOST_READS) {
            reply.accept(null);
            return;
        }
        reading++;
        thread(() -> {
            Answer answer = answer(read);
            reading--;
            reply.accept(answer);
        });
    }

    /** The answer of a copy that another node has lent; sometimes one is asked for. */
    private @Nullable Answer leased(Read read) {
        Member owner = holdings.topology().owner(read.hash());
        SimNode lender = owner == null || owner.name().equals(name) ? null : simulation.node(owner.name());
        if (lender == null) {
            return null;
        }
        LeasedCopies.Copy<CacheEntry> copy = leases.find(read.key());
        if (copy == null) {
            if (world.chance(0.3)) {
                leases.ask(lender, Integer.parseInt(read.key()));
            }
            return null;
        }
        SourcePosition stamp = simulation.has(Protection.COPIES_NOT_LIFTED)
                ? copy.stamp()
                : copy.stamp().union(group.applied().now().position());
        if (!read.satisfiedBy(stamp)) {
            return null;
        }
        CacheEntry entry = copy.value();
        return Answer.newBuilder()
                .setFound(entry.found())
                .setValue(ByteString.copyFrom(entry.value()))
                .setInfo(AnswerInfo.newBuilder()
                        .setServedBy(name)
                        .setServedFrom(ServedFrom.SERVED_FROM_REPLICA)
                        .setStamp(Position.newBuilder().setGtidSet(stamp.toString())))
                .build();
    }

    SimLeases leases() {
        return leases;
    }

    /** Whether this node may lend a key: only with a lease of its own. */
    boolean mayLend(int key) {
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

    private @Nullable Answer answer(Read read) {
        try {
            if (!simulation.has(Protection.MIN_POSITION_ON_FLIGHTS)) {
                Answer any = path.read(read(Integer.parseInt(read.key()), SourcePosition.UNKNOWN, read.forwarded()));
                if (any.getInfo().getServedFrom() == ServedFrom.SERVED_FROM_SOURCE) {
                    return any;
                }
            }
            return path.read(read);
        } catch (StatusRuntimeException e) {
            return null;
        }
    }

    private Read read(int key, SourcePosition minPosition, boolean forwarded) {
        String text = Integer.toString(key);
        return new Read(
                group,
                text,
                group.storeKey(text),
                minPosition,
                Deadline.after(PATIENCE_SECONDS, TimeUnit.SECONDS),
                forwarded);
    }

    /** As the production receiver keeps a copy. */
    private void copy(List<Member> replicas, Read read, CacheEntry entry) {
        Copy copy = CopyMessages.of(group, read.key(), entry, entry.stamp(), nanoTime());
        if (copy == null) {
            return;
        }
        for (Member replica : replicas) {
            SimNode other = simulation.node(replica.name());
            if (other != null) {
                send(other, () -> other.keep(copy));
            }
        }
    }

    private void keep(Copy copy) {
        SourcePosition stamp = SourcePosition.parse(copy.getStamp().getGtidSet());
        CacheEntry entry = CopyMessages.unasked(copy, group, stamp, nanoTime());
        if (store instanceof SwitchedStore switched) {
            switched.copying = true;
        }
        admission.keep(group, group.storeKey(copy.getKey()), entry, holdings.topology());
        if (store instanceof SwitchedStore switched) {
            switched.copying = false;
        }
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

    boolean hasHeardOf(Transaction transaction) {
        return heard[transaction.key].covers(transaction.gtid) || heardOfAll.covers(transaction.gtid);
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
                + applied.of(Simulation.SOURCE).now() + ", reading " + reading
                + (parts.isRouted() ? "" : ", not routed") + ", leased " + participant.leased();
    }

    int reading() {
        return reading;
    }

    private StoreKey storeKey(int key) {
        return group.storeKey(Integer.toString(key));
    }

    @Override
    public String toString() {
        return name + "@" + parts.incarnation();
    }

    /** Holds as any incarnation of its name. */
    private final class HoldingsByName implements Holdings {
        @Override
        public Topology topology() {
            return parts.holdings().topology();
        }

        @Override
        public boolean mayHold(Topology topology, CacheGroup ofGroup, long hash) {
            return isLeased() && topology.isHolder(name, hash);
        }

        @Override
        public boolean isSelf(Member member) {
            return parts.holdings().isSelf(member);
        }

        @Override
        public boolean isLeased() {
            return parts.holdings().isLeased();
        }
    }
}
