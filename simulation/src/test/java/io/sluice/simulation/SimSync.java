package io.sluice.simulation;

import io.sluice.cluster.EtcdMembership;
import io.sluice.cluster.Member;
import io.sluice.cluster.SimParts;
import io.sluice.cluster.SimProcess;
import io.sluice.cluster.SimWorld;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.RowChange;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.again.SimSecondRemovals;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.SimDispatch;
import io.sluice.sync.fanout.FanOutSettings;
import io.sluice.sync.fanout.FanOuts;
import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.heartbeat.Echoes;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.heartbeat.PrimaryState;
import io.sluice.sync.kafka.Registration;
import io.sluice.sync.kafka.SimStream;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.lost.Trust;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.position.StreamPositions;
import io.sluice.sync.position.StreamTopics;
import io.sluice.sync.resync.Resync;
import io.sluice.sync.resync.SimResync;
import io.sluice.sync.ring.RingPart;
import io.sluice.sync.ring.SimRingPart;
import io.sluice.sync.source.DecodedRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A simulated sync instance: production dispatcher, stream, positions, losses, resync and ring part; its threads, its
 * network, Kafka and MySQL are simulated.
 */
final class SimSync extends SimProcess implements SimDispatch.Transport {
    private static final long POLL_NANOS = 10 * SimWorld.MILLIS;
    private static final long RETRY_NANOS = 100 * SimWorld.MILLIS;
    private static final long BEAT_NANOS = 120 * SimWorld.MILLIS;
    private static final long PRIMARY_NANOS = 1_000 * SimWorld.MILLIS;
    private static final StreamTopics TOPICS = new StreamTopics(Map.of(), Simulation.SOURCE);
    private static final Map<String, String> TYPES =
            Map.of("id", "int(11)", "source", "varchar(128)", "instance", "varchar(128)", "beat", "bigint(20)");

    private final Simulation simulation;
    private final RingPart ringPart;
    private final Dispatcher dispatcher;
    private final Histories histories;
    private final StreamPositions positions;
    private final SimStream stream;
    private boolean consuming;
    private long beat;
    /** The heartbeat that is not answered yet; 0 for none. */
    private long awaited;

    SimSync(Simulation simulation, String name) {
        super(simulation.world, name);
        this.simulation = simulation;
        SyncMetrics metrics = Simulation.METRICS;
        EtcdMembership membership = SimParts.membership(simulation.etcd, this, Simulation.SETTINGS);
        ringPart = SimRingPart.of(
                Simulation.SETTINGS,
                name,
                membership,
                () -> Map.of(Simulation.SOURCE, floor()),
                told -> SimParts.sync(simulation.etcd, this, Simulation.SETTINGS, membership, told),
                metrics);
        dispatcher = SimDispatch.dispatcher(
                this,
                ringPart,
                this,
                new SimDispatch.Shortcuts(
                        !simulation.has(Protection.ALL_ACKNOWLEDGEMENTS), !simulation.has(Protection.ALL_RINGS)),
                metrics);
        ringPart.join(dispatcher);
        LostSources lost = new LostSources(metrics);
        histories = new Histories(
                Simulation.RULES, TOPICS::carry, () -> Histories.RingFloors.of(dispatcher.topology()), lost);
        SecondRemovals removals = SimSecondRemovals.none(metrics);
        FanOuts fanOuts = new FanOuts(FanOutSettings.DEFAULTS, removals, histories::phantoms, metrics);
        RecordMapper mapper = new RecordMapper(this::decode, Simulation.RULES, HeartbeatTable.DEFAULT);
        Resync resync = SimResync.on(
                timer(),
                source -> {
                    SourcePosition reached = committed();
                    histories.demands(source, reached);
                    return reached;
                },
                metrics);
        Echoes echoes = (heartbeat, partition) -> null;
        positions = new StreamPositions(
                source -> echoes,
                simulation.has(Protection.PHANTOMS) ? histories : new NoPhantoms(),
                TOPICS,
                passed -> dispatcher.tell(
                        passed.toRequest(),
                        passed.revision(),
                        answer -> histories.nodeDemands(
                                passed.source(), answer.getDemanded().getGtidSet())),
                this::nanoTime);
        stream = new SimStream(
                this,
                Simulation.RULES,
                mapper,
                new Effects(dispatcher, removals, fanOuts),
                histories,
                lost,
                resync,
                dispatcher,
                simulation.has(Protection.COMMIT_PERMIT) ? ringPart : new AlwaysSure(),
                positions,
                metrics);
        in(world.between(0, 10), this::poll);
        in(world.between(0, 100), this::pulse);
    }

    private void poll() {
        if (!consuming && ringPart.leased()) {
            stream.open(simulation.kafka.join(this));
            consuming = true;
        }
        long next = world.calm ? 4 * POLL_NANOS : POLL_NANOS;
        if (consuming) {
            try {
                consuming = stream.pollOnce();
            } catch (KafkaException e) {
                consuming = false;
            }
            if (!consuming) {
                simulation.kafka.leave(this);
                next = RETRY_NANOS;
            }
        }
        in(next, this::poll);
    }

    /** As the production pulse: into each partition that is consumed here. */
    private void pulse() {
        Collection<Partition> mine = positions.assigned(Simulation.SOURCE);
        if (awaited == 0 && !mine.isEmpty()) {
            Consumer<PrimaryState> beginning = histories.begins(Simulation.SOURCE);
            List<Integer> ids = mine.stream().map(Partition::number).sorted().toList();
            long sent = ++beat;
            awaited = sent;
            simulation.database.beat(
                    ids,
                    name,
                    sent,
                    state -> run(() -> {
                        if (awaited == sent) {
                            awaited = 0;
                            beginning.accept(asAnswered(state));
                            simulation.losses.answered(name, sent, state.serverUuid());
                        }
                    }));
            in(PRIMARY_NANOS, () -> {
                if (awaited == sent) {
                    awaited = 0;
                }
            });
        }
        in(world.calm ? 2 * BEAT_NANOS : BEAT_NANOS, this::pulse);
    }

    private PrimaryState asAnswered(PrimaryState state) {
        return simulation.has(Protection.XA_RESYNC) ? state : new PrimaryState(state.executed(), state.serverUuid(), 0);
    }

    private SourcePosition floor() {
        return simulation.has(Protection.FLOOR_READ_AFTER_COMMIT)
                ? committed()
                : simulation.database.primary().executed;
    }

    /** What the primary has executed after a commit; blocks its virtual thread. */
    private SourcePosition committed() {
        CompletableFuture<SourcePosition> answer = new CompletableFuture<>();
        simulation.database.beat(List.of(0), name, ++beat, state -> run(() -> answer.complete(state.executed())));
        in(PRIMARY_NANOS, () -> answer.completeExceptionally(new IllegalStateException("no answer")));
        return answer.join();
    }

    private DecodedRecord decode(byte[] value) {
        SimDatabase.Published published = simulation.kafka.record(value);
        Transaction transaction = published.transaction();
        RowChange change;
        if (transaction.heartbeat == null) {
            Map<String, @Nullable String> row = new HashMap<>(Map.of("id", Integer.toString(transaction.key)));
            change = RowChange.insert("app", "items", TYPES, row);
        } else {
            Map<String, @Nullable String> row = new HashMap<>(Map.of(
                    "id", Integer.toString(transaction.heartbeat.id()),
                    "source", transaction.heartbeat.source(),
                    "instance", transaction.heartbeat.instance(),
                    "beat", Long.toString(transaction.heartbeat.beat())));
            change = RowChange.insert("sluice", "heartbeat", TYPES, row);
        }
        return new DecodedRecord(published.position().toString(), List.of(change));
    }

    @Override
    public void remove(Member to, byte[] request, LongConsumer acknowledged) {
        SimNode node = simulation.node(to.name());
        if (node != null) {
            send(node, () -> node.remove(request, revision -> node.send(this, () -> acknowledged.accept(revision))));
        }
    }

    @Override
    public void tell(Member to, ApplyPositionRequest request, Consumer<ApplyPositionResponse> answered) {
        SimNode node = simulation.node(to.name());
        if (node != null) {
            send(node, () -> {
                ApplyPositionResponse response = node.apply(request);
                node.send(this, () -> answered.accept(response));
            });
        }
    }

    boolean consumes() {
        return consuming;
    }

    /** Whether it sends these nodes anything. */
    boolean sendsTo(Collection<SimNode> nodes) {
        return nodes.stream().allMatch(node -> dispatcher.topology().members().contains(node.asMember()));
    }

    int inFlight() {
        return dispatcher.inFlight();
    }

    /** For whoever wonders why a run does not end. */
    String state() {
        return name + (ringPart.leased() ? " registered" : " not registered") + ", groups to clear "
                + stream.outstanding() + ", in flight " + dispatcher.inFlight() + ", phantoms "
                + histories.phantoms(Simulation.SOURCE) + ", trusted " + histories.isTrusted(Simulation.SOURCE);
    }

    /** As if no failover lost anything. */
    private final class NoPhantoms implements Trust {
        @Override
        public boolean isTrusted(String source) {
            return histories.isTrusted(source);
        }

        @Override
        public SourcePosition phantoms(String source) {
            return SourcePosition.UNKNOWN;
        }
    }

    /** As if it were registered always. */
    private static final class AlwaysSure implements Registration {
        @Override
        public long incarnation() {
            return 1;
        }

        @Override
        public boolean leased() {
            return true;
        }

        @Override
        public long revision() {
            return 1;
        }

        @Override
        public void look() {}

        @Override
        public boolean hasLookedSince(long nanoTime) {
            return true;
        }

        @Override
        public boolean heardOfNewer() {
            return false;
        }
    }
}
