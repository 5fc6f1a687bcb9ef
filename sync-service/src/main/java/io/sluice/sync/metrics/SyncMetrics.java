package io.sluice.sync.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.mapping.Cause;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Every metric of the sync service. Safe for use by many threads. Invariant: labels are groups, nodes, outcomes and
 * kinds, all from small fixed sets, never keys or values.
 */
public final class SyncMetrics {
    private static final double NANOS = 1e9;
    private static final double[] LATENCY = {.0005, .001, .002, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10, 60};

    private final PrometheusRegistry registry;
    private final Counter records;
    private final Counter removals;
    private final Counter invalidations;
    private final Counter secondRemovals;
    private final Counter fanOuts;
    private final Counter fanOutKeys;
    private final Counter batches;
    private final Counter delivered;
    private final Counter covered;
    private final Counter coarsened;
    private final Counter collapsed;
    private final Counter deadLetters;
    private final Counter commits;
    private final Counter lostPositions;
    private final Counter rebalances;
    private final Counter ringEvents;
    private final Counter resyncs;
    private final Counter replays;
    private final Histogram call;
    private final Histogram done;
    private final Histogram fanOut;

    /** Registers all metrics; a registry takes them once. */
    public SyncMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        records = counter("sluice_sync_records", "Records consumed, by what became of them", "outcome");
        removals = counter(
                "sluice_sync_removals", "Removals asked for, before they are multiplied by holders", "group", "scope");
        invalidations =
                counter("sluice_sync_invalidations", "What rows and statements asked for, by why", "group", "cause");
        secondRemovals = counter(
                "sluice_sync_second_removals", "Removals asked for twice, by what became of it", "group", "outcome");
        fanOuts = counter(
                "sluice_sync_fan_outs",
                "Queries for keys: keys, joined, or why the group was cleared",
                "group",
                "outcome");
        fanOutKeys = counter("sluice_sync_fan_out_keys", "Keys that queries found", "group");
        batches = counter("sluice_sync_batches", "Remove calls, by node and gRPC status", "node", "status");
        delivered = counter("sluice_sync_removals_acknowledged", "Removals acknowledged by a node", "node");
        covered = counter("sluice_sync_removals_covered", "Removals that found a newer entry, which stayed", "node");
        coarsened = counter(
                "sluice_sync_removals_coarsened", "Removals told as a removal of the group, since refused", "group");
        collapsed = counter(
                "sluice_sync_removals_collapsed",
                "Removals that waited for a node for so long that it is told their groups instead",
                "node");
        deadLetters = counter(
                "sluice_sync_dead_letters",
                "Records for a person to read, by kind and outcome of the sending",
                "kind",
                "outcome");
        commits = counter("sluice_sync_commits", "Offset commits, by outcome", "outcome");
        lostPositions =
                counter("sluice_sync_lost_positions", "Partitions whose position was unknown or gone", "reason");
        rebalances = counter("sluice_sync_rebalances", "Changes of the assigned partitions, by kind", "kind");
        ringEvents = counter(
                "sluice_sync_ring_events", "This instance's part in ring changes: what happened, by kind", "kind");
        resyncs = counter(
                "sluice_sync_resyncs",
                "Sources whose groups were cleared for a lost position or new rules, by whether there was a position",
                "outcome");
        replays = counter("sluice_sync_replays", "Replays that operators asked for, by outcome", "outcome");
        call = histogram("sluice_sync_remove_call", "How long an acknowledged Remove call took", "node");
        fanOut = histogram("sluice_sync_fan_out", "From a change being handed in to its keys being known", "group");
        done = histogram("sluice_sync_record_done", "From handing out some records to all their removals being done");
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Histogram histogram(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .unit(Unit.SECONDS)
                .labelNames(labels)
                .classicUpperBounds(LATENCY)
                .register(registry);
    }

    /** Shows a number for each node that somebody else keeps. */
    public void gaugePerNode(String name, String help, Supplier<Map<String, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("node")
                .callback(callback -> values.get().forEach((node, value) -> callback.call(value, node)))
                .register(registry);
    }

    /** Shows a number for each partition that somebody else keeps. */
    public void gaugePerPartition(String name, String help, Supplier<Map<Partition, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("topic", "partition")
                .callback(callback -> values.get()
                        .forEach((partition, value) ->
                                callback.call(value, partition.topic(), Integer.toString(partition.number()))))
                .register(registry);
    }

    /** Shows a number that somebody else keeps. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /** Records were decoded and mapped; {@code outcome} is that of {@link io.sluice.sync.flow.MappedRecord}. */
    public void recordsHandled(String outcome, long count) {
        records.labelValues(outcome).inc(count);
    }

    /** Removals of a group or of its keys were handed to the dispatcher. */
    public void removalsSubmitted(String group, boolean key, long count) {
        removals.labelValues(group, key ? "key" : "group").inc(count);
    }

    /** Removals that waited for a node were replaced by removals of their groups. */
    public void removalsCollapsed(String node, int count) {
        collapsed.labelValues(node).inc(count);
    }

    /** A rule, or a change that no rule could read exactly, asks for something of a group. */
    public void invalidation(String group, Cause cause) {
        invalidations.labelValues(group, cause.label()).inc();
    }

    /**
     * A second removal was {@code sent}, {@code sent_early} since the service stops, {@code joined} one that waits, or
     * was {@code widened} to its group.
     */
    public void secondRemoval(String group, String outcome) {
        secondRemovals.labelValues(group, outcome).inc();
    }

    /** A fan-out found {@code keys}, {@code joined} one that waits, or cleared the group for a reason. */
    public void fanOut(String group, String outcome) {
        fanOuts.labelValues(group, outcome).inc();
    }

    /** A query found keys. */
    public void fanOutKeys(String group, int count, long nanos) {
        fanOutKeys.labelValues(group).inc(count);
        fanOut.labelValues(group).observe(nanos / NANOS);
    }

    /** A node acknowledged a call. */
    public void batchAcknowledged(String node, int size, int coveredCount, long nanos) {
        batches.labelValues(node, "OK").inc();
        delivered.labelValues(node).inc(size);
        covered.labelValues(node).inc(coveredCount);
        call.labelValues(node).observe(nanos / NANOS);
    }

    /** A call failed and will be repeated. */
    public void batchFailed(String node, String status) {
        batches.labelValues(node, status).inc();
    }

    /** A node refused a removal; its group is removed there instead. */
    public void removalCoarsened(String group) {
        coarsened.labelValues(group).inc();
    }

    /** A dead letter was {@code sent}, {@code failed} (to be repeated) or {@code truncated}. */
    public void deadLetter(String kind, String outcome) {
        deadLetters.labelValues(kind, outcome).inc();
    }

    /** Offsets were committed, or not. */
    public void commit(boolean succeeded) {
        commits.labelValues(succeeded ? "ok" : "failed").inc();
    }

    /** Groups of a source are cleared, {@code positioned} or {@code without_position}. */
    public void resync(String outcome) {
        resyncs.labelValues(outcome).inc();
    }

    /** A partition starts over. */
    public void lostPosition(String reason) {
        lostPositions.labelValues(reason).inc();
    }

    /** An operator's replay has {@code begun} or was {@code refused}. */
    public void replay(String outcome) {
        replays.labelValues(outcome).inc();
    }

    /** Partitions were {@code assigned}, {@code revoked} or {@code lost}. */
    public void rebalance(String kind) {
        rebalances.labelValues(kind).inc();
    }

    /**
     * The instance was {@code registered} or {@code lost} its registration, {@code adopted} a topology,
     * {@code floors_read} or {@code floors_failed}, {@code started_over} or {@code left_group} because it had not been
     * registered.
     */
    public void ringEvent(String kind) {
        ringEvents.labelValues(kind).inc();
    }

    /** Every removal of records that were handed out together is done. */
    public void recordsDone(long nanos) {
        done.observe(nanos / NANOS);
    }
}
