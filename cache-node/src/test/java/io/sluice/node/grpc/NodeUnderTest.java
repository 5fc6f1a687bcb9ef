package io.sluice.node.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.fake.FakeHoldings;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.SettableMembership;
import io.sluice.node.fake.Tagged;
import io.sluice.node.fake.WatchedStore;
import io.sluice.node.hot.HotCopy;
import io.sluice.node.hot.HotKeyEvents;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.lease.LeaseEvents;
import io.sluice.node.lease.LeaseSettings;
import io.sluice.node.lease.Leases;
import io.sluice.node.peer.GrpcPeers;
import io.sluice.node.peer.PeerChannels;
import io.sluice.node.peer.PeerEvents;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.peer.PeerLeases;
import io.sluice.node.peer.Replicator;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.Forwards;
import io.sluice.node.read.GroupTags;
import io.sluice.node.read.Puts;
import io.sluice.node.read.ReadEvents;
import io.sluice.node.read.ReadPath;
import io.sluice.node.read.StalenessBounds;
import io.sluice.node.read.Standing;
import io.sluice.node.record.FlightRecorder;
import io.sluice.node.record.RecordedLeases;
import io.sluice.node.record.RecordedReads;
import io.sluice.proto.groupcache.GroupCacheGrpc;
import io.sluice.proto.v1.AdminGrpc;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.PeerGrpc;
import io.sluice.store.StorePool;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import io.sluice.store.policy.PolicyKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** One node as it is put together for production, but with a fake source and members that the test sets. */
final class NodeUnderTest implements AutoCloseable, ReadEvents, PeerEvents, HotKeyEvents, LeaseEvents {
    static final String GROUP = "student";
    static final RequestLimits LIMITS = new RequestLimits(64, 5_000, 10, 20, 100, 10_000, Duration.ofSeconds(10));
    private static final long INCARNATION = 7;

    final String name;
    final FakeSource source;
    final WatchedStore store;
    private final CacheGroups groups;
    volatile CacheGroup group;
    final AtomicInteger copiesSent = new AtomicInteger();
    final AtomicInteger copiesDropped = new AtomicInteger();
    final AtomicInteger hotServed = new AtomicInteger();
    final List<String> forwards = new CopyOnWriteArrayList<>();
    final List<RemovalEvents.TagOutcome> tagRemovals = new CopyOnWriteArrayList<>();
    final List<PeekOutcome> peeks = new CopyOnWriteArrayList<>();
    final Set<Member> gone = ConcurrentHashMap.newKeySet();
    final CopyReceiver copies;
    final AppliedPositions applied = new AppliedPositions(
            () -> new Moment(System.nanoTime(), System.currentTimeMillis()), new StalenessBounds());
    private final PendingReads pending;
    final FakeHoldings holdings;
    final HotKeys hotKeys;
    final FlightRecorder recorder = new FlightRecorder(1_000, System::currentTimeMillis);
    final PeerChannels channels;
    private final PeerLeases lender;
    final Leases leases;
    final List<Boolean> leaseWaits = new CopyOnWriteArrayList<>();
    final LeaseStreams leaseStreams;
    private final Replicator replicator;
    private final Server server;
    private final ManagedChannel channel;

    NodeUnderTest(String name, FakeSource source, SettableMembership membership, RequestLimits limits) {
        this(name, source, membership, limits, HotKeySettings.DEFAULTS, Coherence.GTID);
    }

    NodeUnderTest(
            String name,
            FakeSource source,
            SettableMembership membership,
            RequestLimits limits,
            HotKeySettings hotKeySettings) {
        this(name, source, membership, limits, hotKeySettings, Coherence.GTID);
    }

    NodeUnderTest(
            String name,
            FakeSource source,
            SettableMembership membership,
            RequestLimits limits,
            HotKeySettings hotKeySettings,
            Coherence coherence) {
        this(name, source, membership, limits, hotKeySettings, coherence, LeaseSettings.DEFAULTS);
    }

    NodeUnderTest(
            String name,
            FakeSource source,
            SettableMembership membership,
            RequestLimits limits,
            HotKeySettings hotKeySettings,
            Coherence coherence,
            LeaseSettings leaseSettings) {
        this.name = name;
        this.source = source;
        Clocks nodeClock = Clocks.system();
        LongSupplier clock = nodeClock::nanos;
        GroupTags tags = Tagged.byId(GROUP);
        store = new WatchedStore(new StorePool(16 << 20, clock)
                .add(
                        new StoreSettings(4, PolicyKind.DEFAULT, FenceLimits.DEFAULTS),
                        KeyHash.ofGroup(GROUP)::hash,
                        tags,
                        recorder.of(GROUP)));
        TimeToLive timeToLive = new TimeToLive(Duration.ofMinutes(10), Duration.ofMinutes(1));
        group = new CacheGroup(
                GROUP, "app", coherence, store, source, timeToLive, tags, applied.of("app"), 0, new Standing());
        groups = new CacheGroups(Map.of(GROUP, group));
        holdings = new FakeHoldings(name, membership);
        applied.adopt(membership.topology());
        channels = new PeerChannels(name, membership);
        PeerHeaders headers = new PeerHeaders(name, () -> INCARNATION, membership);
        replicator = new Replicator(channels, headers, this, clock);
        GrpcPeers peers = new GrpcPeers(channels, headers);
        LeasedCopies<HotCopy> hotCopies = hotKeySettings.room();
        lender = new PeerLeases(name, membership, channels, hotCopies, nodeClock);
        hotKeys = new HotKeys(hotKeySettings, hotCopies, lender, this, nodeClock);
        Forwards forwards = new Forwards(name, holdings, peers, hotKeys, this, nodeClock);
        ReadPath path = new ReadPath(
                name, holdings, forwards, peers, hotKeys, replicator, new RecordedReads(this, recorder), nodeClock);
        Requests requests = new Requests(groups, limits);
        pending = new PendingReads(limits.pendingReads());
        SingleReads singles = new SingleReads(path, pending);
        BatchReads batches = new BatchReads(name, holdings, requests, path, forwards, pending);
        leases = new Leases(
                leaseSettings, Duration.ofSeconds(10), holdings::isLeased, new RecordedLeases(this, recorder), clock);
        groups.whenEnded(leases::ended);
        LocalRemovals removals = new LocalRemovals(
                new Removals(requests, hotKeys, applied, (ofGroup, outcome) -> tagRemovals.add(outcome)),
                requests,
                applied,
                leases);
        leaseStreams = new LeaseStreams(requests, path, leases, pending, leaseSettings.streams());
        Puts keeper = new Puts(name, holdings, replicator, nodeClock);
        PutRequests puts = new PutRequests(name, holdings, requests, keeper, peers, clock);
        ClusterRemovals everywhere = new ClusterRemovals(name, membership, peers, removals, gone::contains);
        copies = new CopyReceiver(holdings, headers, requests, pending, recorder, clock);
        PositionReceiver positions = new PositionReceiver(applied, headers, requests);
        PeekReader peekReader = new PeekReader(holdings, headers, requests, clock);
        server = listen(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .intercept(new OriginTrailer())
                .intercept(new CallerAddress())
                .addService(new CacheService(requests, singles, batches, puts, everywhere, leaseStreams, pending))
                .addService(new PeerService(
                        headers,
                        requests,
                        singles,
                        batches,
                        puts,
                        removals,
                        copies,
                        peekReader,
                        positions,
                        leaseStreams,
                        pending))
                .addService(new GroupCacheService(requests, singles))
                .addService(new AdminService(holdings, requests, path, recorder)));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    /** Goes by another definition of the group, as when the rules change. */
    void redefine(long definition) {
        CacheGroup before = group;
        groups.end(before);
        store.clear();
        group = new CacheGroup(
                GROUP,
                "app",
                before.coherence(),
                store,
                source,
                before.timeToLive(),
                before.tags(),
                before.applied(),
                definition,
                new Standing());
        groups.replace(Map.of(GROUP, group));
    }

    private static Server listen(NettyServerBuilder builder) {
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The topology of these nodes, where they really listen. */
    static Topology topology(long revision, int holders, NodeUnderTest... nodes) {
        List<Member> members = Arrays.stream(nodes)
                .map(node -> Member.of(node.name, "127.0.0.1", node.server.getPort()))
                .toList();
        return Topology.of(revision, members, holders);
    }

    CacheGrpc.CacheBlockingStub cache() {
        return CacheGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    AdminGrpc.AdminBlockingStub admin() {
        return AdminGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    CacheGrpc.CacheStub cacheAsync() {
        return CacheGrpc.newStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    PeerGrpc.PeerBlockingStub peer() {
        return PeerGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    PeerGrpc.PeerStub peerAsync() {
        return PeerGrpc.newStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    GroupCacheGrpc.GroupCacheBlockingStub groupCache() {
        return GroupCacheGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    boolean holds(String key) {
        return store.get(group.storeKey(key)) != null;
    }

    void forget(String key) {
        store.remove(group.storeKey(key), SourcePosition.UNKNOWN);
    }

    /** As when the process is killed. */
    void kill() {
        server.shutdownNow();
        join();
    }

    /** Stops the server as a node does; returns whether it ended by itself. */
    boolean stop() {
        copies.close();
        leaseStreams.close();
        server.shutdown();
        return join();
    }

    private boolean join() {
        try {
            return server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        join();
        pending.close();
        leases.close();
        replicator.close();
        lender.close();
        channels.close();
    }

    @Override
    public void forwarded(CacheGroup ofGroup, int reads, boolean answered) {
        forwards.add(reads + (answered ? " answered" : " unreachable"));
    }

    @Override
    public void peeked(CacheGroup ofGroup, PeekOutcome outcome) {
        peeks.add(outcome);
    }

    @Override
    public void pastMaxStaleness(CacheGroup ofGroup, PastOutcome outcome) {}

    @Override
    public void hotForwarded(String ofGroup) {}

    @Override
    public void hotServed(String ofGroup) {
        hotServed.incrementAndGet();
    }

    @Override
    public void answered(String ofGroup, boolean lent) {}

    @Override
    public void waited(long nanos, boolean confirmed) {
        leaseWaits.add(confirmed);
    }

    @Override
    public void loaded(CacheGroup ofGroup, long nanos, boolean succeeded) {}

    @Override
    public void loadedMany(CacheGroup ofGroup, int keys, long nanos, boolean succeeded) {}

    @Override
    public void copiesSent(String replica, int sent, int refused) {
        copiesSent.addAndGet(sent);
    }

    @Override
    public void copiesDropped(String replica, int dropped) {
        copiesDropped.addAndGet(dropped);
    }
}
