package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * The topic of dead letters for a person: reads what is there and sends letters back to where they came from. Commits
 * nothing. Used by one thread; every call is bounded in time.
 */
public final class DeadLetterLog implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings settings;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Connects when it is first used. */
    public DeadLetterLog(KafkaSettings settings, String clientId) {
        this.settings = requireNonNull(settings, "settings is null");
        this.consumer = new KafkaConsumer<>(ClientProperties.consumer(settings, clientId));
        this.producer = new KafkaProducer<>(ClientProperties.producer(settings, clientId));
    }

    /**
     * Gives every letter that is there now, the oldest of each partition first. None when there is no such topic, since
     * the first letter makes it.
     *
     * @throws KafkaException when the brokers do not answer
     */
    public void read(Consumer<DeadLetter> reader) {
        List<PartitionInfo> infos = consumer.partitionsFor(settings.deadLetterTopic(), PATIENCE);
        List<TopicPartition> partitions = infos == null
                ? List.of()
                : infos.stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions, PATIENCE));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        long progressNanos = System.nanoTime();
        while (!ends.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                progressNanos = System.nanoTime();
                Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                if (end != null && record.offset() < end) {
                    reader.accept(new DeadLetter(record));
                }
            }
            ends.entrySet().removeIf(end -> consumer.position(end.getKey(), PATIENCE) >= end.getValue());
            if (System.nanoTime() - progressNanos > PATIENCE.toNanos()) {
                throw new KafkaException("Topic " + settings.deadLetterTopic() + " gives no more records for "
                        + PATIENCE.toSeconds() + " s before its end: check the brokers, and read again");
            }
        }
    }

    /**
     * Sends a letter to the topic and partition that it came from, where it is read like any other record. Removing
     * again what was removed does no harm; a record that is still not understood comes back as another letter.
     *
     * @throws IllegalArgumentException when it is not the whole record, or does not say where it came from
     * @throws KafkaException when the brokers do not take it
     */
    public void replay(DeadLetter letter) {
        if (letter.isCut()) {
            throw new IllegalArgumentException("The letter at offset " + letter.offset()
                    + " is only the beginning of a record that was too large for the topic of dead letters: the whole"
                    + " record is at " + letter.originalTopic() + "-" + letter.originalPartition() + "@"
                    + letter.originalOffset() + " while its topic keeps it");
        }
        if (!settings.topics().includes(letter.originalTopic())) {
            throw new IllegalArgumentException("The letter at offset " + letter.offset() + " came from topic \""
                    + letter.originalTopic()
                    + "\", which is none of the topics that are configured: use the configuration of the sync"
                    + " service that put it aside");
        }
        try {
            producer.send(letter.original()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KafkaException(
                    "The letter at offset " + letter.offset() + " could not be sent to " + letter.originalTopic() + ": "
                            + cause,
                    cause);
        } catch (TimeoutException e) {
            throw new KafkaException(
                    "The brokers did not take the letter at offset " + letter.offset() + " within "
                            + PATIENCE.toSeconds() + " s: check that they are up",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    @Override
    public void close() {
        consumer.close();
        producer.close(PATIENCE);
    }
}
