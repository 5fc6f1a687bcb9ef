package io.sluice.sync.kafka;

import io.sluice.cluster.SimProcess;
import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.Problem;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.resync.Resync;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The production consumption of a change stream, session by session, each polled by a simulation. */
public final class SimStream {
    public static final String TOPIC = "changes";
    private static final FlowLimits LIMITS = new FlowLimits(
            FlowLimits.DEFAULTS.maxRecord(),
            1_000,
            FlowLimits.DEFAULTS.inFlightBytes(),
            FlowLimits.DEFAULTS.waitingBytes(),
            Duration.ofMillis(5),
            Duration.ZERO,
            Duration.ofMillis(100));

    private final SimProcess process;
    private final GroupClears clears;
    private final RecordHandler handler;
    private final Resync resync;
    private final Dispatcher dispatcher;
    private final Registration registration;
    private final StreamListener listener;
    private final SyncMetrics metrics;
    private @Nullable ConsumerSession session;

    public SimStream(
            SimProcess process,
            Rules rules,
            RecordMapper mapper,
            Effects effects,
            Histories histories,
            LostSources lost,
            Resync resync,
            Dispatcher dispatcher,
            Registration registration,
            StreamListener listener,
            SyncMetrics metrics) {
        this.process = process;
        this.resync = resync;
        this.dispatcher = dispatcher;
        this.registration = registration;
        this.listener = listener;
        this.metrics = metrics;
        this.clears = new GroupClears(rules, mapper::use, resync, dispatcher, lost, histories, process::nanoTime);
        this.handler = new RecordHandler(
                mapper,
                effects,
                new Unread(),
                new ProblemLog(process::nanoTime, Duration.ofMinutes(1)),
                listener,
                histories,
                metrics);
    }

    /** Begins to consume by another consumer; what the one before has done is forgotten. */
    public void open(Consumer<byte[], byte[]> consumer) {
        session = new ConsumerSession(
                consumer,
                handler,
                clears,
                resync,
                dispatcher,
                new OffsetTracker(nanos -> {}),
                registration,
                LIMITS,
                new ConsumerHealth(),
                listener,
                new StreamControl(),
                process::nanoTime,
                metrics);
        session.subscribe(Topics.named(List.of(TOPIC)));
    }

    /** False when the instance has to leave the group. */
    public boolean pollOnce() {
        ConsumerSession open = session;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        boolean goOn = open.pollOnce();
        if (!goOn) {
            open.abandon();
        }
        return goOn;
    }

    /** How many groups are not cleared yet. */
    public int outstanding() {
        return clears.outstanding();
    }

    /** Whether an offset with this text says that everything before it is dealt with. */
    public static boolean isWhole(@Nullable String offsetMetadata, Rules rules) {
        return OffsetMetadata.missing(offsetMetadata, rules).isEmpty();
    }

    /** Nobody reads them. */
    private static final class Unread implements DeadLetters {
        @Override
        public void send(ConsumerRecord<byte[], byte[]> original, Problem problem, Runnable whenSent) {
            whenSent.run();
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void close() {}
    }
}
