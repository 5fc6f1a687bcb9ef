package io.sluice.sync.kafka;

import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Backoff;
import io.sluice.sync.flow.Effects;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.lost.Histories;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.resync.Resync;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * The whole Kafka side of the service: consumer and dead letters, with real clients. Safe for use by many threads.
 * Invariant: after {@link #close} neither polls, and what was done is committed.
 */
public final class ChangeStream implements AutoCloseable {
    private static final Duration PROBLEM_LOG_INTERVAL = Duration.ofMinutes(1);

    private final DeadLetters deadLetters;
    private final ChangeConsumer consumer;
    private final GroupClears clears;
    private final StreamControl control;

    private ChangeStream(DeadLetters deadLetters, ChangeConsumer consumer, GroupClears clears, StreamControl control) {
        this.deadLetters = deadLetters;
        this.consumer = consumer;
        this.clears = clears;
        this.control = control;
    }

    /**
     * Starts consuming. Brokers that are away are no error; properties that make no sense are.
     *
     * @param rules by which the mapper maps at first
     * @param takers told of other rules on the thread that uses the mapper, between two records
     * @throws IllegalArgumentException when Kafka's clients refuse the properties
     */
    public static ChangeStream start(
            String name,
            KafkaSettings settings,
            FlowLimits limits,
            RecordMapper mapper,
            Effects effects,
            Rules rules,
            Consumer<Rules> takers,
            Resync resync,
            Registration registration,
            StreamListener listener,
            Histories histories,
            LostSources lost,
            SyncMetrics metrics) {
        try {
            // Made once and thrown away, so that wrong properties are found at the start and not by the poll thread.
            new KafkaConsumer<byte[], byte[]>(ClientProperties.consumer(settings, name)).close();
            DeadLetters deadLetters = new DeadLetterProducer(
                    settings.deadLetterTopic(),
                    new KafkaProducer<>(ClientProperties.producer(settings, name)),
                    new DeadLetterTopic(settings, name),
                    new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), RandomGenerator.getDefault()),
                    metrics);
            RecordHandler handler = new RecordHandler(
                    mapper,
                    effects,
                    deadLetters,
                    new ProblemLog(System::nanoTime, PROBLEM_LOG_INTERVAL),
                    listener,
                    histories,
                    metrics);
            GroupClears clears =
                    new GroupClears(rules, takers, resync, effects.dispatcher(), lost, histories, System::nanoTime);
            StreamControl control = new StreamControl();
            ChangeConsumer consumer = new ChangeConsumer(
                    () -> new KafkaConsumer<>(ClientProperties.consumer(settings, name)),
                    settings.topics(),
                    handler,
                    clears,
                    resync,
                    effects.dispatcher(),
                    registration,
                    limits,
                    listener,
                    control,
                    metrics);
            consumer.start();
            return new ChangeStream(deadLetters, consumer, clears, control);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("kafka.properties: " + e.getMessage(), e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    "kafka: " + cause.getMessage() + ": check kafka in the configuration", e);
        }
    }

    /** Changes are mapped by these rules soon; of several the last ones count. */
    public void use(Rules next) {
        clears.offer(next);
    }

    /** How many groups have yet to be cleared because what removes from them has changed. */
    public int groupsToClear() {
        return clears.outstanding();
    }

    /** True while connected and a member of the consumer group. */
    public boolean isReady() {
        return consumer.isReady();
    }

    /** True while there is too much in flight to take more. */
    public boolean isFull() {
        return consumer.isFull();
    }

    /** What operators ask of it, and what it does. */
    public StreamControl control() {
        return control;
    }

    /** How many records are handed out and not done. */
    public int inFlight() {
        return consumer.inFlight();
    }

    /** Waits until consuming has ended for good. */
    public void awaitEnd() throws InterruptedException {
        consumer.awaitEnd();
    }

    /** Stops polling, waits a little for what is in flight, commits what is done. */
    @Override
    public void close() {
        consumer.close();
        deadLetters.close();
    }
}
