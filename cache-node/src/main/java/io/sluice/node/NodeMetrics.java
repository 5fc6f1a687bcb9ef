package io.sluice.node;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sluice.node.grpc.RemovalEvents;
import io.sluice.node.hot.HotKeyEvents;
import io.sluice.node.lease.LeaseEvents;
import io.sluice.node.peer.PeerEvents;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.ReadEvents;
import io.sluice.store.StoreStats;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What a node measures. Thread-safe. What the stores count already is read from them at the time of the scrape, so a
 * hit costs nothing here.
 */
final class NodeMetrics implements ReadEvents, PeerEvents, HotKeyEvents, RemovalEvents, LeaseEvents {
    private final PrometheusRegistry registry;
    private final Counter loadFailures;
    private final Histogram loadSeconds;
    private final Histogram batchLoadSeconds;
    private final Counter batchLoadedKeys;
    private final Counter forwards;
    private final Counter peeks;
    private final Counter past;
    private final Counter hotForwards;
    private final Counter hotServed;
    private final Counter tagRemovals;
    private final Counter copiesSent;
    private final Counter copiesRefused;
    private final Counter copiesDropped;
    private final Counter leaseAnswers;
    private final Histogram leaseWaitSeconds;

    /** For the share: labelled counters cannot be summed cheaply. */
    private final LongAdder foreignForwarded = new LongAdder();

    private final LongAdder foreignServed = new LongAdder();

    NodeMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        this.loadSeconds = Histogram.builder()
                .name("sluice_node_load_seconds")
                .help("Loads from the source that succeeded")
                .unit(Unit.SECONDS)
                .classicOnly()
                .labelNames("group")
                .register(registry);
        this.batchLoadSeconds = Histogram.builder()
                .name("sluice_node_batch_load_seconds")
                .help("Loads of several keys at once that succeeded")
                .unit(Unit.SECONDS)
                .classicOnly()
                .labelNames("group")
                .register(registry);
        this.batchLoadedKeys =
                counter("sluice_node_batch_loaded_keys_total", "Keys that were loaded with others", "group");
        this.loadFailures = counter("sluice_node_load_failures_total", "Loads from the source that failed", "group");
        this.forwards =
                counter("sluice_node_forwards_total", "Reads sent to another node, by outcome", "group", "outcome");
        this.peeks = counter(
                "sluice_node_peeks_total",
                "Previous holders asked for what they have in memory, by outcome",
                "group",
                "outcome");
        this.past = counter(
                "sluice_node_past_max_staleness_total",
                "Answers whose staleness bound was past max-staleness or not known, by what became of them",
                "group",
                "outcome");
        this.hotForwards =
                counter("sluice_node_hot_forwards_total", "Reads sent to another node whose key is hot", "group");
        this.hotServed =
                counter("sluice_node_hot_copy_reads_total", "Reads answered with a copy of a hot key", "group");
        this.tagRemovals = counter(
                "sluice_node_tag_removals_total",
                "Removes by tag, by outcome; of an unknown form the whole group went",
                "group",
                "outcome");
        this.copiesSent = counter("sluice_node_copies_sent_total", "Copies that a replica acknowledged", "replica");
        this.copiesRefused = counter(
                "sluice_node_copies_refused_total", "Acknowledged copies that the replica did not keep", "replica");
        this.copiesDropped =
                counter("sluice_node_copies_dropped_total", "Copies given up: full queue or silent replica", "replica");
        this.leaseAnswers = counter(
                "sluice_node_lease_answers_total",
                "Answers to those who keep copies, by whether they may keep it",
                "group",
                "outcome");
        this.leaseWaitSeconds = Histogram.builder()
                .name("sluice_node_lease_wait_seconds")
                .help("Waits for copies under lease to go, until all were confirmed or one was over by time")
                .unit(Unit.SECONDS)
                .classicOnly()
                .labelNames("end")
                .register(registry);
    }

    /** Has what is lent scraped. Called once. */
    void observe(IntSupplier leases, IntSupplier leaseStreams) {
        gauge("sluice_node_leases", "Copies that are lent", leases::getAsInt);
        gauge("sluice_node_lease_streams", "Clients and nodes that keep copies", leaseStreams::getAsInt);
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** Has the stores' own counts and the pending work scraped. Called once. */
    void observe(CacheGroups groups, IntSupplier pendingReads, IntSupplier hotCopies, IntSupplier connections) {
        total(groups, "hits", "Reads answered from memory", StoreStats::hits);
        total(groups, "misses", "Reads that memory did not answer", StoreStats::misses);
        total(groups, "stored", "Entries stored", StoreStats::stored);
        total(groups, "evicted", "Entries evicted to make room", StoreStats::evicted);
        total(groups, "expired", "Entries reclaimed after their time to live", StoreStats::expired);
        total(groups, "removed", "Entries that a Remove took away", StoreStats::removed);
        total(groups, "covered", "Removes that the held entry already reflects", StoreStats::covered);
        total(groups, "replaced", "Entries that a newer value took the place of", StoreStats::replaced);
        total(groups, "dropped", "Entries of keys that the node holds no more", StoreStats::dropped);
        total(groups, "superseded", "Entries not kept beside a fresher one", StoreStats::superseded);
        total(groups, "refused", "Entries that the fence did not admit", StoreStats::refused);
        total(groups, "too_large", "Entries over a segment's share, served and not stored", StoreStats::tooLarge);
        gauge(groups, "hit_ratio", "Part of all reads that memory answered", StoreStats::hitRatio);
        gauge(groups, "entries", "Entries held", StoreStats::entries);
        gauge(groups, "bytes", "Bytes held, overhead included", StoreStats::bytes);
        gauge(
                groups,
                "capacity_bytes",
                "Bytes that all groups sharing this memory may hold",
                StoreStats::capacityBytes);
        gauge("sluice_node_pending_reads", "Requests that wait for a load or a peer", pendingReads::getAsInt);
        gauge("sluice_node_hot_copies", "Copies of hot keys that are held", hotCopies::getAsInt);
        gauge(
                "sluice_node_hot_copy_share_ratio",
                "Share of the reads for keys of other nodes that a copy answered, since the start",
                this::hotCopyShare);
        gauge("sluice_node_peer_connections", "Members that there is a connection to", connections::getAsInt);
    }

    private void gauge(String name, String help, DoubleSupplier size) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(size.getAsDouble()))
                .register(registry);
    }

    private double hotCopyShare() {
        double served = foreignServed.sum();
        double all = served + foreignForwarded.sum();
        return all == 0 ? 0 : served / all;
    }

    private void total(CacheGroups groups, String what, String help, ToDoubleFunction<StoreStats> count) {
        CounterWithCallback.builder()
                .name("sluice_store_" + what + "_total")
                .help(help)
                .labelNames("group", "policy")
                .callback(callback -> {
                    for (CacheGroup group : groups.all()) {
                        callback.call(
                                count.applyAsDouble(group.store().stats()),
                                group.name(),
                                group.store().policy().toString());
                    }
                })
                .register(registry);
    }

    private void gauge(CacheGroups groups, String what, String help, ToDoubleFunction<StoreStats> size) {
        GaugeWithCallback.builder()
                .name("sluice_store_" + what)
                .help(help)
                .labelNames("group", "policy")
                .callback(callback -> {
                    for (CacheGroup group : groups.all()) {
                        callback.call(
                                size.applyAsDouble(group.store().stats()),
                                group.name(),
                                group.store().policy().toString());
                    }
                })
                .register(registry);
    }

    @Override
    public void forwarded(CacheGroup group, int reads, boolean answered) {
        forwards.labelValues(group.name(), answered ? "answered" : "unreachable")
                .inc(reads);
        if (answered) {
            foreignForwarded.add(reads);
        }
    }

    @Override
    public void peeked(CacheGroup group, PeekOutcome outcome) {
        peeks.labelValues(group.name(), outcome.name().toLowerCase(Locale.ROOT)).inc();
    }

    @Override
    public void pastMaxStaleness(CacheGroup group, PastOutcome outcome) {
        past.labelValues(group.name(), outcome.name().toLowerCase(Locale.ROOT)).inc();
    }

    @Override
    public void hotForwarded(String group) {
        hotForwards.labelValues(group).inc();
    }

    @Override
    public void hotServed(String group) {
        hotServed.labelValues(group).inc();
        foreignServed.increment();
    }

    @Override
    public void removedByTag(String group, TagOutcome outcome) {
        tagRemovals.labelValues(group, outcome.name().toLowerCase(Locale.ROOT)).inc();
    }

    @Override
    public void loaded(CacheGroup group, long nanos, boolean succeeded) {
        if (succeeded) {
            loadSeconds.labelValues(group.name()).observe(Unit.nanosToSeconds(nanos));
        } else {
            loadFailures.labelValues(group.name()).inc();
        }
    }

    @Override
    public void loadedMany(CacheGroup group, int keys, long nanos, boolean succeeded) {
        if (succeeded) {
            batchLoadSeconds.labelValues(group.name()).observe(Unit.nanosToSeconds(nanos));
            batchLoadedKeys.labelValues(group.name()).inc(keys);
        } else {
            loadFailures.labelValues(group.name()).inc();
        }
    }

    @Override
    public void answered(String group, boolean lent) {
        leaseAnswers.labelValues(group, lent ? "lent" : "not_lent").inc();
    }

    @Override
    public void waited(long nanos, boolean confirmed) {
        leaseWaitSeconds.labelValues(confirmed ? "confirmed" : "time").observe(Unit.nanosToSeconds(nanos));
    }

    @Override
    public void copiesSent(String replica, int copies, int refused) {
        copiesSent.labelValues(replica).inc(copies);
        copiesRefused.labelValues(replica).inc(refused);
    }

    @Override
    public void copiesDropped(String replica, int copies) {
        if (copies > 0) {
            copiesDropped.labelValues(replica).inc(copies);
        }
    }
}
