package io.sluice.node;

import io.sluice.cluster.Topology;
import io.sluice.coherence.LeasedCopies;
import io.sluice.node.hot.HotCopy;
import io.sluice.node.peer.GrpcPeers;
import io.sluice.node.peer.PeerChannels;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.peer.PeerLeases;
import io.sluice.node.peer.Replicator;

/**
 * The ways of a node to the other members: connections, copies that it sends to replicas, and the leases that it has of
 * owners. The second step of the composition.
 *
 * <p>Thread-safe. {@link #retain} keeps links to nobody but the members of the latest topology.
 */
final class PeerLinks {
    final PeerHeaders headers;
    final PeerChannels channels;
    final Replicator replicator;
    final LeasedCopies<HotCopy> hotCopies;
    final PeerLeases lender;
    final GrpcPeers peers;

    PeerLinks(NodeCore core) {
        String self = core.self();
        Resources resources = core.resources();
        headers = new PeerHeaders(self, core.tenure()::incarnation, core.membership());
        channels = resources.add(new PeerChannels(self, core.membership()));
        replicator = resources.add(new Replicator(channels, headers, core.metrics(), core.clock()::nanos));
        hotCopies = core.config().hotKeySettings().room();
        lender = resources.add(new PeerLeases(self, core.membership(), channels, hotCopies, core.clock()));
        peers = new GrpcPeers(channels, headers);
    }

    void retain(Topology topology) {
        channels.retain();
        lender.retain(topology);
        replicator.retain(topology);
    }
}
