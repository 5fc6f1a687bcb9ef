package io.sluice.node;

import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.admin.AdminHttp;
import io.sluice.admin.rules.LiveRules;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.NodeParticipant;
import io.sluice.config.Address;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache node: the composition root. {@link NodeCore}, {@link PeerLinks}, {@link NodeReads} and {@link NodeServices}
 * are its steps.
 *
 * <p>Lifecycle: {@link #start} returns when the node listens and is registered; it is ready when it has seen itself in
 * the topology. {@link #close} deregisters first, so that others stop asking, and then ends what is under way.
 * Thread-safe.
 */
public final class NodeServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeServer.class);

    private final Resources resources;
    private final GrpcServer server;
    private final AdminHttp admin;
    private final Presence presence;
    private final @Nullable NodeParticipant participant;
    private final Leaving leaving;
    private final CountDownLatch closing = new CountDownLatch(1);

    private NodeServer(
            Resources resources,
            GrpcServer server,
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
     * @throws java.io.UncheckedIOException when a port cannot be had
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
        NodeCore core = NodeCore.open(config, rules, resources);
        PeerLinks links = new PeerLinks(core);
        WarmUp warmUp = resources.add(new WarmUp(links.channels::isSettled));
        NodeReads reads = new NodeReads(core, links);
        Tenure tenure = core.tenure();
        HealthStatusManager health = new HealthStatusManager();
        Floors floors = new Floors(core.groups(), config.cluster());
        Presence presence = new Presence(
                core.self(),
                tenure,
                core.groups(),
                floors,
                core.applied(),
                links::retain,
                reads.leases::retainOnly,
                warmUp,
                health);
        AtomicReference<Predicate<Member>> gone = new AtomicReference<>(anybody -> false);
        NodeServices services =
                new NodeServices(core, links, reads, holder -> gone.get().test(holder));

        GrpcServer server =
                resources.add(GrpcServer.start(config.listenAddress(), services.all(), health.getHealthService()));
        resources.add(services.copies);
        resources.add(services.leaseStreams);
        resources.add(health::enterTerminalState);
        Address adminAddress = config.adminAddress();
        AdminHttp admin = resources.add(AdminHttp.start(
                adminAddress.hostName(),
                adminAddress.port(),
                core.registry(),
                presence::reasonNotReady,
                Map.of("/rules", rules::report)));

        Member member = config.member(server.port());
        NodeParticipant participant = join(config, member, core.membership(), tenure, presence);
        if (participant != null) {
            resources.add(participant);
            gone.set(participant::isGone);
        }
        // Before it deregisters: from then on no Remove may come.
        resources.add(tenure::end);
        rules.follow((before, next) -> core.opened().take(next, floors::cover));
        // Once more, to be the first that is closed.
        resources.add(rules);
        log.info(
                "Node {} serves {} groups on {}; metrics and health on port {}",
                core.self(),
                core.groups().all().size(),
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

    /** The port that gRPC is served on. */
    public int port() {
        return server.port();
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
