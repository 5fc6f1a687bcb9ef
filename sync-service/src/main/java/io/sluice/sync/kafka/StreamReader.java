package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the change stream from now on, for who only watches it: a consumer group of its own, which commits nothing, so
 * neither disturbs the other. What was written while nobody read is passed over.
 *
 * <p>Used by one thread, {@link #stop} aside.
 */
public final class StreamReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Topics topics;

    /** Takes the bytes of a record, null for one without a value, and the time that it has in Kafka. */
    public interface Each {
        void accept(byte @Nullable [] value, long recordMillis);
    }

    /**
     * Connects.
     *
     * @throws KafkaException when the brokers do not answer or have none of the topics; the message says what to do
     */
    public StreamReader(KafkaSettings settings, String groupId, String clientId) {
        requireNonNull(groupId, "groupId is null");
        if (groupId.equals(settings.groupId())) {
            throw new IllegalArgumentException("the consumer group " + groupId
                    + " is the sync service's, which would lose changes to this reader: give another one");
        }
        this.topics = settings.topics();
        Map<String, Object> properties = ClientProperties.consumer(settings, clientId);
        properties.put("group.id", groupId);
        properties.put("auto.offset.reset", "latest");
        // Two readers must not pass for one static member, nor for one of the sync service's.
        properties.remove("group.instance.id");
        this.consumer = new KafkaConsumer<>(properties);
        try {
            subscribe();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void subscribe() {
        Set<String> known;
        try {
            known = new TreeSet<>(consumer.listTopics(PATIENCE).keySet());
        } catch (KafkaException e) {
            throw new KafkaException(
                    "The brokers do not answer: check kafka in the configuration (" + e.getMessage() + ")", e);
        }
        known.removeIf(topic -> !topics.includes(topic));
        if (known.isEmpty()) {
            throw new KafkaException("The brokers have no topic " + topics + ": check kafka.topics");
        }
        topics.subscribe(consumer, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
    }

    /** Whether partitions are assigned, and so changes are seen. */
    public boolean isReading() {
        return !consumer.assignment().isEmpty();
    }

    /** Waits a moment for records and hands them on; false after {@link #stop}. */
    public boolean poll(Each each) {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(POLL);
        } catch (WakeupException e) {
            return false;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            each.accept(record.value(), record.timestamp());
        }
        return true;
    }

    /** Ends a poll, the one that waits or the next one. For any thread. */
    public void stop() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
