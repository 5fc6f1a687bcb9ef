package io.sluice.sync.kafka;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Rules;
import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.DispatchSettings;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.FakeEvidence;
import io.sluice.sync.dispatch.FakeNode;
import io.sluice.sync.fanout.FanOutSettings;
import io.sluice.sync.fanout.FanOuts;
import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.resync.Resync;
import io.sluice.sync.source.CanalFlatJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/** What a consumer of the topic {@code changes} is wired to: all of it real, but for the node and the registration. */
final class StreamUnderTest {
    static final Rules RULES = rules("{id}");

    final FakeNode node = new FakeNode("a");
    final FakeRegistration registration = new FakeRegistration();
    final SyncMetrics metrics = new SyncMetrics(new PrometheusRegistry());
    final StreamControl control = new StreamControl();
    final LostSources lost = new LostSources(metrics);
    final Dispatcher dispatcher;
    final GroupClears clears;
    final Histories histories;
    private final Effects effects;
    private final RecordMapper mapper;
    private final Resync resync;
    private final List<AutoCloseable> open = new ArrayList<>();

    StreamUnderTest(Resync.Primary primary) {
        dispatcher = new Dispatcher("sync-1", new FakeEvidence(), DispatchSettings.DEFAULTS, metrics);
        dispatcher.adopt(Topology.of(1, List.of(node.member()), 1));
        SecondRemovals removals = SecondRemovals.start(dispatcher::submit, 100, Duration.ZERO, metrics);
        FanOuts fanOuts = new FanOuts(FanOutSettings.DEFAULTS, removals, source -> SourcePosition.UNKNOWN, metrics);
        effects = new Effects(dispatcher, removals, fanOuts);
        mapper = new RecordMapper(
                new CanalFlatJson((int) FlowLimits.DEFAULTS.maxRecord().bytes()), RULES, HeartbeatTable.DEFAULT);
        resync = new Resync(primary, metrics);
        open.addAll(List.of(node, dispatcher, removals, fanOuts, resync));
        histories = new Histories(
                RULES, (source, topic) -> topic.equals("changes"), () -> new Histories.RingFloors(1, Map.of()), lost);
        clears = new GroupClears(RULES, mapper::use, resync, dispatcher, lost, histories, System::nanoTime);
    }

    /** Keys of students by the template, which are removed by the same. */
    static Rules rules(String key) {
        return Rules.parse("rules.yaml", """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://127.0.0.1:3306/app", username: u, password: p, coherence: gtid }
            groups:
              student: { source: app, key: "%s", load: "SELECT id FROM students WHERE id = :id", ttl: 10m, negative-ttl: 5s }
            invalidate:
              - table: app.students
                keys:
                  - { group: student, key: "%s" }
            """.formatted(key, key), Map.of());
    }

    /** Starts it; both it and the dead letters are closed with this. */
    ChangeConsumer start(
            FlowLimits limits,
            Supplier<Consumer<byte[], byte[]>> consumers,
            DeadLetters letters,
            StreamListener listener) {
        ProblemLog problems = new ProblemLog(System::nanoTime, Duration.ofMinutes(1));
        ChangeConsumer changes = new ChangeConsumer(
                consumers,
                Topics.named(List.of("changes")),
                new RecordHandler(mapper, effects, letters, problems, listener, histories, metrics),
                clears,
                resync,
                dispatcher,
                registration,
                limits,
                listener,
                control,
                metrics);
        open.add(letters);
        open.add(changes);
        changes.start();
        return changes;
    }

    /** The last first. */
    void close() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
    }
}
