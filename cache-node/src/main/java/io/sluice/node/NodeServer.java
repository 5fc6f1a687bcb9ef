package io.sluice.node;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.admin.AdminHttp;
import io.sluice.admin.rules.LiveRules;
import io.sluice.admin.rules.RulesMetrics;
import io.sluice.client.lease.LeaseClock;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.NodeParticipant;
import io.sluice.cluster.Topology;
import io.sluice.coherence.LeasedCopies;
import io.sluice.config.Address;
import io.sluice.node.grpc.AdminService;
import io.sluice.node.grpc.BatchReads;
import io.sluice.node.grpc.CacheService;
import io.sluice.node.grpc.ClusterRemovals;
import io.sluice.node.grpc.CopyReceiver;
import io.sluice.node.grpc.GroupCacheService;
import io.sluice.node.grpc.LeaseStreams;
import io.sluice.node.grpc.LocalRemovals;
import io.sluice.node.grpc.OriginTrailer;
import io.sluice.node.grpc.PeekReader;
import io.sluice.node.grpc.PeerService;
import io.sluice.node.grpc.PendingReads;
import io.sluice.node.grpc.PositionReceiver;
import io.sluice.node.grpc.PutRequests;
import io.sluice.node.grpc.Removals;
import io.sluice.node.grpc.RequestLimits;
import io.sluice.node.grpc.Requests;
import io.sluice.node.grpc.SingleReads;
import io.sluice.node.hot.HotCopy;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.lease.Leases;
import io.sluice.node.peer.GrpcPeers;
import io.sluice.node.peer.PeerChannels;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.peer.PeerLeases;
import io.sluice.node.peer.Replicator;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.Forwards;
import io.sluice.node.read.NodeClock;
import io.sluice.node.read.Puts;
import io.sluice.node.read.ReadPath;
import io.sluice.node.read.StalenessBounds;
import io.sluice.node.record.FlightRecorder;
import io.sluice.node.record.RecordedReads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache node: the composition root.
 *
 * <p>Lifecycle: {@link #start} returns when the node listens and is registered; it is ready when it has seen itself in
 * the topology. {@link #close} deregisters first, so that others stop asking, and then ends what is under way.
 * Thread-safe.
 */
public final class NodeServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeServer.class);
    private static final long SHUTDOWN_SECONDS = 5;

    private final Resources resources;
    private final Server server;
    private final AdminHttp admin;
    private final Presence presence;
    private final @Nullable NodeParticipant participant;
    private final Leaving leaving;
    private final CountDownLatch closing = new CountDownLatch(1);

    private NodeServer(
            Resources resources,
            Server server,
            AdminHttp admin,
            Presence presence,
            @Nullable NodeParticipant participant,
            Leaving leaving) {
        this.resources = resources;
        this.server = server;
        this.admin = admin;
        this.presence = presence;
        this.participant = participant;
        this.leaving = leaving;
    }

    /**
     * Starts a node.
     *
     * @param rules followed until the node is closed, and closed with it
     * @throws io.grpc.StatusRuntimeException when a source is set up so that its positions cannot be trusted
     * @throws io.sluice.cluster.ClusterException when etcd does not answer in time, or the name is taken
     * @throws UncheckedIOException when a port cannot be had
     */
    public static NodeServer start(NodeConfig config, LiveRules rules) {
        Resources resources = new Resources();
        try {
            return start(config, rules, resources);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static NodeServer start(NodeConfig config, LiveRules rules, Resources resources) {
        resources.add(rules);
        String self = config.name();
        RequestLimits limits = config.requestLimits();
        NodeClock clock = NodeClock.system();
        LongSupplier nanoClock = clock::nanos;
        PrometheusRegistry registry = new PrometheusRegistry();
        NodeMetrics metrics = new NodeMetrics(registry);
        RulesMetrics.observe(rules, registry);
        StalenessBounds bounds = new StalenessBounds();
        AppliedPositions applied = new AppliedPositions(clock::now, bounds);
        FlightRecorder recorder = new FlightRecorder(config.recorderEvents(), clock::wallMillis);
        RulesGroups opened = new RulesGroups(config, rules.current(), applied, recorder, resources, clock);
        CacheGroups groups = opened.groups();

        Membership membership = resources.add(config.cluster().open());
        requireListed(self, config, membership);
        HealthStatusManager health = new HealthStatusManager();
        Tenure tenure = new Tenure(self, membership.topology(), config.unleasedStalenessBound(), clock);
        PeerHeaders headers = new PeerHeaders(self, tenure::incarnation, membership);
        PeerChannels channels = resources.add(new PeerChannels(self, membership));
        Replicator replicator = resources.add(new Replicator(channels, headers, metrics, nanoClock));
        WarmUp warmUp = resources.add(new WarmUp(channels::isSettled));
        Floors floors = new Floors(groups, config.cluster());
        LeasedCopies<HotCopy> hotCopies = config.hotKeySettings().room();
        PeerLeases lender = resources.add(new PeerLeases(self, membership, channels, hotCopies, LeaseClock.SYSTEM));
        Consumer<Topology> connections = topology -> {
            channels.retain();
            lender.retain(topology);
            replicator.retain(topology);
        };
        Leases leases = resources.add(
                new Leases(config.leaseSettings(), longestLent(config), tenure::isLeased, metrics, nanoClock));
        groups.whenEnded(leases::ended);
        Presence presence =
                new Presence(self, tenure, groups, floors, applied, connections, leases::retainOnly, warmUp, health);
        GrpcPeers peers = new GrpcPeers(channels, headers);
        HotKeys hotKeys = new HotKeys(config.hotKeySettings(), hotCopies, lender, metrics, LeaseClock.SYSTEM);
        Forwards forwards = new Forwards(self, tenure, peers, hotKeys, metrics, nanoClock);
        ReadPath path = new ReadPath(
                self, tenure, forwards, peers, hotKeys, replicator, new RecordedReads(metrics, recorder), clock);

        Requests requests = new Requests(groups, limits);
        PendingReads pending = resources.add(new PendingReads(limits.pendingReads()));
        metrics.observe(groups, pending::size, hotKeys::size, channels::size);
        SourceMetrics.observe(opened, bounds, clock, registry);
        SingleReads singles = new SingleReads(path, pending);
        BatchReads batches = new BatchReads(self, tenure, requests, path, forwards, pending);
        LocalRemovals removals =
                new LocalRemovals(new Removals(requests, hotKeys, applied, metrics), requests, applied, leases);
        LeaseStreams leaseStreams = new LeaseStreams(
                requests, path, leases, pending, config.leaseSettings().streams());
        metrics.observe(leases::size, leaseStreams::size);
        Puts keeper = new Puts(self, tenure, replicator, clock);
        PutRequests puts = new PutRequests(self, tenure, requests, keeper, peers, nanoClock);
        AtomicReference<Predicate<Member>> gone = new AtomicReference<>(anybody -> false);
        ClusterRemovals everywhere = new ClusterRemovals(
                self, membership, peers, removals, holder -> gone.get().test(holder));
        CopyReceiver copies = new CopyReceiver(tenure, headers, requests, pending, recorder, nanoClock);

        Server server = listen(
                config.listenAddress(),
                NettyServerBuilder.forAddress(address(config.listenAddress()))
                        // Handlers answer from memory or hand off; none blocks.
                        .directExecutor()
                        .maxInboundMessageSize(16 << 20)
                        .permitKeepAliveTime(5, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .intercept(new OriginTrailer())
                        .addService(
                                new CacheService(requests, singles, batches, puts, everywhere, leaseStreams, pending))
                        .addService(new PeerService(
                                headers,
                                requests,
                                singles,
                                batches,
                                puts,
                                removals,
                                copies,
                                new PeekReader(tenure, headers, requests, nanoClock),
                                new PositionReceiver(applied, headers, requests),
                                leaseStreams,
                                pending))
                        .addService(new GroupCacheService(requests, singles))
                        .addService(new AdminService(tenure, requests, path, recorder))
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance()));
        resources.add(() -> stop(server));
        resources.add(copies);
        resources.add(leaseStreams);
        resources.add(health::enterTerminalState);
        Address adminAddress = config.adminAddress();
        AdminHttp admin = resources.add(AdminHttp.start(
                adminAddress.hostName(),
                adminAddress.port(),
                registry,
                presence::reasonNotReady,
                Map.of("/rules", rules::report)));

        Member member = config.member(server.getPort());
        NodeParticipant participant = join(config, member, membership, tenure, presence);
        if (participant != null) {
            resources.add(participant);
            gone.set(participant::isGone);
        }
        // Before it deregisters: from then on no Remove may come.
        resources.add(tenure::end);
        rules.follow((before, next) -> opened.take(next, floors::cover));
        // Once more, to be the first that is closed.
        resources.add(rules);
        log.info(
                "Node {} serves {} groups on {}; metrics and health on port {}",
                self,
                groups.all().size(),
                member.address(),
                admin.port());
        return new NodeServer(resources, server, admin, presence, participant, config.leaving());
    }

    /** Null with a fixed list of members: there is nothing to take part in, and everybody counts on this node. */
    private static @Nullable NodeParticipant join(
            NodeConfig config, Member member, Membership membership, Tenure tenure, Presence presence) {
        EtcdSettings etcd = config.cluster().etcdSettings();
        if (etcd == null) {
            presence.begin(membership.topology());
            return null;
        }
        // Until there is a lease to ask for, this node is not counted on.
        tenure.fenceBy(() -> false);
        NodeParticipant participant =
                NodeParticipant.register(etcd, config.cluster().ringChanges(), member, membership, presence);
        tenure.fenceBy(participant::leased);
        return participant;
    }

    private static Duration longestLent(NodeConfig config) {
        EtcdSettings etcd = config.cluster().etcdSettings();
        return etcd == null ? EtcdSettings.DEFAULT_LONGEST_LENT : etcd.longestLent();
    }

    /** A fixed list never grows: a node that is not in it would wait for ever to see itself. */
    private static void requireListed(String self, NodeConfig config, Membership membership) {
        if (config.cluster().members() != null && membership.topology().member(self) == null) {
            throw new IllegalArgumentException("cluster.members does not list this node, " + self
                    + ": add it as name=host:port, the same list in every process, or correct the name");
        }
    }

    private static Server listen(Address address, NettyServerBuilder builder) {
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot listen on " + address.hostName() + ":" + address.port()
                            + " for gRPC: stop what uses the port, or set listen.port to another one (0 takes a free one)",
                    e);
        }
    }

    private static InetSocketAddress address(Address address) {
        return new InetSocketAddress(address.hostName(), address.port());
    }

    private static void stop(Server server) {
        server.shutdown();
        try {
            if (!server.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** The port that gRPC is served on. */
    public int port() {
        return server.getPort();
    }

    /** The port that metrics and health are served on. */
    public int adminPort() {
        return admin.port();
    }

    /** Whether this node is ready for traffic. */
    public boolean isReady() {
        return presence.reasonNotReady().isEmpty();
    }

    /**
     * Leaves in an orderly way: has the others take over, goes on answering meanwhile and for a moment after, so that
     * peers can peek and reads that are on their way are not lost. Blocks for as long as is configured at most;
     * {@link #close} is still to be called.
     */
    public void leave() {
        presence.leaving();
        NodeParticipant leaver = participant;
        if (leaver != null) {
            leaving.leave(leaver::leave, closing);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        resources.close();
    }
}
