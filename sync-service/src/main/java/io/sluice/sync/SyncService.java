package io.sluice.sync;

import static java.util.Objects.requireNonNull;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.admin.AdminHttp;
import io.sluice.cluster.Membership;
import io.sluice.config.Address;
import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.kafka.ChangeStream;
import io.sluice.sync.kafka.FlowLimits;
import io.sluice.sync.kafka.KafkaSettings;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.source.CanalFlatJson;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sync service: everything wired together, from the configuration to running threads. The only place that knows all
 * parts. Safe for use by many threads.
 *
 * <p>A partition without a committed offset, as at the very first start, is consumed from its oldest record, after
 * everything was removed on every node; {@link io.sluice.sync.kafka} says why.
 *
 * <p>Invariant: parts are closed in the reverse order of their start, also when the start fails half-way: first nothing
 * is taken any more, then what is in flight is given a little time, then offsets are committed, then the lanes end.
 */
public final class SyncService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SyncService.class);

    private final Deque<AutoCloseable> parts;
    private final Dispatcher dispatcher;
    private final ChangeStream stream;
    private final AdminHttp admin;

    private SyncService(Deque<AutoCloseable> parts, Dispatcher dispatcher, ChangeStream stream, AdminHttp admin) {
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.stream = stream;
        this.admin = admin;
    }

    /**
     * Starts; returns when everything runs, which does not yet mean ready.
     *
     * @throws io.sluice.cluster.ClusterException when etcd does not answer in time
     * @throws IllegalArgumentException when the configuration makes no sense to Kafka's clients
     * @throws java.io.UncheckedIOException when the admin port cannot be had
     */
    public static SyncService start(SyncConfig config, Rules rules) {
        requireNonNull(config, "config is null");
        requireNonNull(rules, "rules is null");
        FlowLimits limits = config.flowLimits();
        KafkaSettings kafka = config.kafka().settings();
        Address address = config.adminAddress();
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            PrometheusRegistry registry = new PrometheusRegistry();
            SyncMetrics metrics = new SyncMetrics(registry);
            Membership membership = config.cluster().open();
            parts.push(membership);
            Dispatcher dispatcher = new Dispatcher(config.name(), membership, config.dispatchSettings(), metrics);
            parts.push(dispatcher);
            RecordMapper mapper = new RecordMapper(
                    new CanalFlatJson((int) limits.maxRecord().bytes()),
                    rules,
                    config.heartbeatSettings().table());
            ChangeStream stream = ChangeStream.start(config.name(), kafka, limits, mapper, dispatcher, metrics);
            parts.push(stream);
            gauges(metrics, dispatcher, stream);
            AdminHttp admin =
                    AdminHttp.start(address.hostName(), address.port(), registry, () -> notReady(dispatcher, stream));
            parts.push(admin);
            log.info(
                    "Sync service {} consumes {} as group {}; metrics and health on {}:{}",
                    config.name(),
                    kafka.topics(),
                    kafka.groupId(),
                    address.hostName(),
                    admin.port());
            return new SyncService(parts, dispatcher, stream, admin);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private static void gauges(SyncMetrics metrics, Dispatcher dispatcher, ChangeStream stream) {
        metrics.gauge("sluice_sync_records_in_flight", "Records handed out and not done", stream::inFlight);
        metrics.gauge("sluice_sync_removals_in_flight", "Removals not done", dispatcher::inFlight);
        metrics.gauge("sluice_sync_paused", "1 while too much is in flight", () -> stream.isPaused() ? 1 : 0);
        metrics.gauge(
                "sluice_sync_nodes_failing",
                "Nodes whose last Remove call failed",
                () -> dispatcher.failingMembers().size());
        metrics.gauge(
                "sluice_sync_ready",
                "1 while ready",
                () -> notReady(dispatcher, stream).isEmpty() ? 1 : 0);
    }

    private static Optional<String> notReady(Dispatcher dispatcher, ChangeStream stream) {
        if (!stream.isReady()) {
            return Optional.of("not connected to Kafka as a member of the consumer group");
        }
        if (!dispatcher.hasMembers()) {
            return Optional.of("no node is known: removals wait for the first one");
        }
        return Optional.empty();
    }

    /** True while it consumes and knows at least one node. */
    public boolean isReady() {
        return reasonNotReady().isEmpty();
    }

    /** Why it is not ready, in words for an operator; empty when it is. */
    public Optional<String> reasonNotReady() {
        return notReady(dispatcher, stream);
    }

    /** The port of the admin HTTP server. */
    public int adminPort() {
        return admin.port();
    }

    /** Waits until consuming has ended for good: after {@link #close}, or because of an error. */
    public void awaitEnd() throws InterruptedException {
        stream.awaitEnd();
    }

    /** Stops polling, waits a little for what is in flight, commits what is done, and ends every thread. */
    @Override
    public void close() {
        closeAll(parts);
    }

    private static synchronized void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                log.warn("Closing {} failed", part.getClass().getSimpleName(), e);
            }
        }
    }
}
