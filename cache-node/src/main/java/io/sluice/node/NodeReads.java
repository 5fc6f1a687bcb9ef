package io.sluice.node;

import io.sluice.cluster.EtcdSettings;
import io.sluice.node.grpc.PendingReads;
import io.sluice.node.grpc.RequestLimits;
import io.sluice.node.grpc.Requests;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.lease.LeaseEvents;
import io.sluice.node.lease.Leases;
import io.sluice.node.read.Forwards;
import io.sluice.node.read.ReadPath;
import io.sluice.node.record.RecordedLeases;
import io.sluice.node.record.RecordedReads;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a node answers reads: from memory, from copies of hot keys, through others, from the source; and what it lends.
 * The third step of the composition.
 */
final class NodeReads {
    final Leases leases;
    final HotKeys hotKeys;
    final Forwards forwards;
    final ReadPath path;
    final Requests requests;
    final PendingReads pending;

    NodeReads(NodeCore core, PeerLinks links) {
        NodeConfig config = core.config();
        NodeMetrics metrics = core.metrics();
        Tenure tenure = core.tenure();
        String self = core.self();
        LongSupplier nanoClock = core.clock()::nanos;
        LeaseEvents recorded = new RecordedLeases(metrics, core.recorder());
        leases = core.resources()
                .add(new Leases(config.leaseSettings(), longestLent(config), tenure::isLeased, recorded, nanoClock));
        core.groups().whenEnded(leases::ended);
        hotKeys = new HotKeys(config.hotKeySettings(), links.hotCopies, links.lender, metrics, core.clock());
        forwards = new Forwards(self, tenure, links.peers, hotKeys, metrics, core.clock());
        path = new ReadPath(
                self,
                tenure,
                forwards,
                links.peers,
                hotKeys,
                links.replicator,
                new RecordedReads(metrics, core.recorder()),
                core.clock());
        RequestLimits limits = config.requestLimits();
        requests = new Requests(core.groups(), limits);
        pending = core.resources().add(new PendingReads(limits.pendingReads()));
        metrics.observe(core.groups(), pending::size, hotKeys::size, links.channels::size);
    }

    private static Duration longestLent(NodeConfig config) {
        EtcdSettings etcd = config.cluster().etcdSettings();
        return etcd == null ? EtcdSettings.DEFAULT_LONGEST_LENT : etcd.longestLent();
    }
}
