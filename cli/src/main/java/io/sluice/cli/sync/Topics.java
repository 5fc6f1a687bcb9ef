package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The bench's side of Kafka: makes a topic, fills it, and asks how far a group has come. Not thread-safe. */
final class Topics implements AutoCloseable {
    private static final long PROGRESS_EVERY = 1_000_000;

    private final String bootstrapServers;
    private final Admin admin;

    Topics(String bootstrapServers) {
        this.bootstrapServers = requireNonNull(bootstrapServers, "bootstrapServers is null");
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    void create(String topic, int partitions) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                .all()
                .get();
    }

    /** A producer as Canal has one, which sends at once. */
    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Writes messages until they have so many rows, in turn to every partition; returns how many messages. */
    long fill(String topic, int partitions, long rows, Runnable eachMillion) {
        Map<String, Object> inBulk =
                Map.of("bootstrap.servers", bootstrapServers, "acks", "1", "linger.ms", 20, "batch.size", 1 << 18);
        ChangeMessages messages = new ChangeMessages();
        long number = 0;
        long written = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(inBulk, new ByteArraySerializer(), new ByteArraySerializer())) {
            while (written < rows) {
                int partition = (int) (number % partitions);
                var _ = producer.send(new ProducerRecord<>(topic, partition, null, messages.message(number)));
                written += ChangeMessages.rows(number);
                number++;
                if (number % PROGRESS_EVERY == 0) {
                    eachMillion.run();
                }
            }
        }
        return number;
    }

    /**
     * Has the group begin with the first record. Without an offset it would begin with the end, which is right for a
     * sync service that starts for the first time and nothing to measure.
     */
    void beginAtTheStart(String group, String topic, int partitions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(0));
        }
        admin.alterConsumerGroupOffsets(group, offsets).all().get();
    }

    /** How many records of the topic the group has committed, over all partitions. */
    long committed(String group, String topic) throws ExecutionException, InterruptedException {
        Map<?, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    @Override
    public void close() {
        admin.close();
    }
}
