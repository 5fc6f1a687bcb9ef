package io.sluice.node;

import io.grpc.BindableService;
import io.sluice.cluster.Member;
import io.sluice.node.grpc.AdminService;
import io.sluice.node.grpc.BatchReads;
import io.sluice.node.grpc.CacheService;
import io.sluice.node.grpc.ClusterRemovals;
import io.sluice.node.grpc.CopyReceiver;
import io.sluice.node.grpc.GroupCacheService;
import io.sluice.node.grpc.LeaseStreams;
import io.sluice.node.grpc.LocalRemovals;
import io.sluice.node.grpc.PeekReader;
import io.sluice.node.grpc.PeerService;
import io.sluice.node.grpc.PendingReads;
import io.sluice.node.grpc.PositionReceiver;
import io.sluice.node.grpc.PutRequests;
import io.sluice.node.grpc.Removals;
import io.sluice.node.grpc.Requests;
import io.sluice.node.grpc.SingleReads;
import io.sluice.node.read.Puts;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What a node serves over gRPC. The fourth step of the composition.
 *
 * <p>Its streams have no end of their own, so who stops the server closes {@link #copies} and {@link #leaseStreams}
 * first.
 */
final class NodeServices {
    final CopyReceiver copies;
    final LeaseStreams leaseStreams;
    private final List<BindableService> all;

    /** @param gone whether a member is known to be gone for good */
    NodeServices(NodeCore core, PeerLinks links, NodeReads reads, Predicate<Member> gone) {
        String self = core.self();
        Tenure tenure = core.tenure();
        Requests requests = reads.requests;
        PendingReads pending = reads.pending;
        LongSupplier nanoClock = core.clock()::nanos;

        SingleReads singles = new SingleReads(reads.path, pending);
        BatchReads batches = new BatchReads(self, tenure, requests, reads.path, reads.forwards, pending);
        LocalRemovals removals = new LocalRemovals(
                new Removals(requests, reads.hotKeys, core.applied(), core.metrics()),
                requests,
                core.applied(),
                reads.leases);
        leaseStreams = new LeaseStreams(
                requests,
                reads.path,
                reads.leases,
                pending,
                core.config().leaseSettings().streams());
        core.metrics().observe(reads.leases::size, leaseStreams::size);
        Puts keeper = new Puts(self, tenure, links.replicator, core.clock());
        PutRequests puts = new PutRequests(self, tenure, requests, keeper, links.peers, nanoClock);
        ClusterRemovals everywhere = new ClusterRemovals(self, core.membership(), links.peers, removals, gone);
        copies = new CopyReceiver(tenure, links.headers, requests, pending, core.recorder(), nanoClock);
        all = List.of(
                new CacheService(requests, singles, batches, puts, everywhere, leaseStreams, pending),
                new PeerService(
                        links.headers,
                        requests,
                        singles,
                        batches,
                        puts,
                        removals,
                        copies,
                        new PeekReader(tenure, links.headers, requests, nanoClock),
                        new PositionReceiver(core.applied(), links.headers, requests),
                        leaseStreams,
                        pending),
                new GroupCacheService(requests, singles),
                new AdminService(tenure, requests, reads.path, core.recorder()));
    }

    List<BindableService> all() {
        return all;
    }
}
