package io.sluice.sync;

import static java.util.Objects.requireNonNull;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.admin.AdminHttp;
import io.sluice.admin.rules.LiveRules;
import io.sluice.admin.rules.RulesMetrics;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Membership;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.SourcePosition;
import io.sluice.config.Address;
import io.sluice.mapping.Rules;
import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.fanout.FanOuts;
import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.heartbeat.HeartbeatException;
import io.sluice.sync.heartbeat.Heartbeats;
import io.sluice.sync.heartbeat.Pulses;
import io.sluice.sync.kafka.ChangeStream;
import io.sluice.sync.kafka.FlowLimits;
import io.sluice.sync.kafka.KafkaSettings;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.operate.OperatorServer;
import io.sluice.sync.operate.OperatorService;
import io.sluice.sync.operate.StatusAnswer;
import io.sluice.sync.position.StreamPositions;
import io.sluice.sync.position.StreamTopics;
import io.sluice.sync.resync.Resync;
import io.sluice.sync.ring.EtcdRingPart;
import io.sluice.sync.ring.FixedRingPart;
import io.sluice.sync.ring.RingPart;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sync service: everything wired together, from the configuration to running threads. The only place that knows all
 * parts. Safe for use by many threads.
 *
 * <p>A partition without a committed offset, as at the very first start, is consumed from its end, and everything is
 * removed on every node at the position of the primaries; {@link io.sluice.sync.kafka} says why.
 *
 * <p>It is registered and has adopted a topology before it consumes, and stays registered until it has committed.
 *
 * <p>Invariant: parts are closed in the reverse order of their start, also when the start fails half-way: first nothing
 * is taken any more, then what is in flight is given a little time, then offsets are committed, then the lanes end.
 */
public final class SyncService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SyncService.class);

    /** Beyond that whole groups are removed a second time. */
    private static final int MOST_SECOND_REMOVALS = 50_000;

    /** For what is in flight, Kafka's answers, and a poll before that. */
    private static final Duration REPLAY_PATIENCE = Duration.ofSeconds(20);

    private final Deque<AutoCloseable> parts;
    private final ChangeStream stream;
    private final Readiness readiness;
    private final AdminHttp admin;

    private SyncService(Deque<AutoCloseable> parts, ChangeStream stream, Readiness readiness, AdminHttp admin) {
        this.parts = parts;
        this.stream = stream;
        this.readiness = readiness;
        this.admin = admin;
    }

    /**
     * Starts; returns when everything runs, which does not yet mean ready.
     *
     * @param live followed until the service is closed, and closed with it
     * @throws io.sluice.cluster.ClusterException when etcd does not answer in time
     * @throws IllegalArgumentException when the configuration makes no sense to Kafka's clients
     * @throws java.io.UncheckedIOException when a port cannot be had
     */
    public static SyncService start(SyncConfig config, LiveRules live) {
        requireNonNull(config, "config is null");
        Rules rules = requireNonNull(live, "live is null").current();
        FlowLimits limits = config.flowLimits();
        KafkaSettings kafka = config.kafka().settings();
        Address address = config.adminAddress();
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        parts.push(live);
        try {
            PrometheusRegistry registry = new PrometheusRegistry();
            SyncMetrics metrics = new SyncMetrics(registry);
            RulesMetrics.observe(live, registry);
            Membership membership = config.cluster().open();
            parts.push(membership);
            Heartbeats heartbeats = Heartbeats.of(rules, config.heartbeatSettings(), config.name());
            RingPart ringPart = ringPart(config, heartbeats, membership, metrics);
            Dispatcher dispatcher = new Dispatcher(config.name(), ringPart, config.dispatchSettings(), metrics);
            parts.push(dispatcher);
            parts.push(ringPart);
            ringPart.join(dispatcher);
            LostSources lost = new LostSources(metrics);
            StreamTopics topics = config.streamTopics(heartbeats.sources());
            Histories histories =
                    new Histories(rules, topics::carry, () -> Histories.RingFloors.of(dispatcher.topology()), lost);
            Effects effects = effects(config, dispatcher, histories, parts, metrics);
            RecordMapper mapper = new RecordMapper(
                    config.kafka().source(limits),
                    rules,
                    config.heartbeatSettings().table());
            Resync resync = new Resync(
                    source -> {
                        SourcePosition reached = heartbeats.beat(source);
                        histories.demands(source, reached);
                        return reached;
                    },
                    metrics);
            parts.push(resync);
            Pulses pulses = new Pulses(config.name(), heartbeats, config.heartbeatInterval());
            Consumer<Rules> takers = next -> {
                mapper.use(next);
                heartbeats.use(next);
                histories.use(next);
                pulses.sourcesAre(heartbeats.sources());
            };
            StreamPositions positions = new StreamPositions(
                    pulses::of,
                    histories,
                    topics,
                    passed -> dispatcher.tell(
                            passed.toRequest(),
                            passed.revision(),
                            answer -> histories.nodeDemands(
                                    passed.source(), answer.getDemanded().getGtidSet())),
                    System::nanoTime);
            ChangeStream stream = ChangeStream.start(
                    config.name(),
                    kafka,
                    limits,
                    mapper,
                    effects,
                    rules,
                    takers,
                    resync,
                    ringPart,
                    positions,
                    histories,
                    lost,
                    metrics);
            parts.push(stream);
            pulses.start(positions::assigned, histories);
            parts.push(pulses);
            Readiness readiness = new Readiness(dispatcher, ringPart, stream);
            Supplier<Map<Partition, Duration>> lags = () -> positions.lags(config.heartbeatInterval());
            new ServiceGauges(metrics, dispatcher, ringPart, stream, readiness).register(lags);
            StatusAnswer status = new StatusAnswer(
                    config.name(), stream, dispatcher, lags, readiness::reasonNotReady, System::nanoTime);
            OperatorServer operators = OperatorServer.start(
                    config.listenAddress(),
                    new OperatorService(stream.control(), status, REPLAY_PATIENCE, InstantSource.system()));
            parts.push(operators);
            AdminHttp admin = AdminHttp.start(
                    address.hostName(),
                    address.port(),
                    registry,
                    readiness::reasonNotReady,
                    Map.of("/rules", () -> live.report() + "\ngroups to clear: " + stream.groupsToClear()));
            parts.push(admin);
            live.follow((before, next) -> stream.use(next));
            // Once more, to be the first that is closed.
            parts.push(live);
            log.info(
                    "Sync service {} consumes {} of {} as group {}; operators' commands on port {}, metrics and health on"
                            + " {}:{}",
                    config.name(),
                    config.kafka().changeFormat().text(),
                    kafka.topics(),
                    kafka.groupId(),
                    operators.port(),
                    address.hostName(),
                    admin.port());
            return new SyncService(parts, stream, readiness, admin);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private static Effects effects(
            SyncConfig config,
            Dispatcher dispatcher,
            Histories histories,
            Deque<AutoCloseable> parts,
            SyncMetrics metrics) {
        SecondRemovals removals = SecondRemovals.start(
                dispatcher::submit, MOST_SECOND_REMOVALS, config.flowLimits().drainTimeout(), metrics);
        parts.push(removals);
        FanOuts fanOuts = new FanOuts(config.fanOutSettings(), removals, histories::phantoms, metrics);
        parts.push(fanOuts);
        metrics.gauge("sluice_sync_fan_outs_waiting", "Fan-outs that wait to be asked", fanOuts::waiting);
        metrics.gauge(
                "sluice_sync_second_removals_waiting", "Second removals that wait for their time", removals::waiting);
        return new Effects(dispatcher, removals, fanOuts);
    }

    private static RingPart ringPart(
            SyncConfig config, Heartbeats heartbeats, Membership membership, SyncMetrics metrics) {
        EtcdSettings etcd = config.cluster().etcdSettings();
        if (etcd == null) {
            return new FixedRingPart(membership);
        }
        try {
            // Whoever sets it up wrongly should not learn it from the first ring that waits.
            heartbeats.beatAll();
        } catch (HeartbeatException e) {
            log.warn("{}. Trying again when a ring needs it", e.getMessage());
        }
        return EtcdRingPart.in(etcd, config.name(), membership, heartbeats::beatAll, metrics);
    }

    /** True while it is registered, consumes and knows at least one node. */
    public boolean isReady() {
        return reasonNotReady().isEmpty();
    }

    /** Why it is not ready, in words for an operator; empty when it is. */
    public Optional<String> reasonNotReady() {
        return readiness.reasonNotReady();
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
