package io.sluice.cli.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Watches the change stream from the outside: where it ends, and up to where the sync service says that every Remove is
 * done. Used by one thread.
 */
public final class ChangeFlow implements AutoCloseable {
    /** Makes the table of the marks, which the database must have. */
    public static final String MARKS_TABLE = "CREATE TABLE marks (id INT PRIMARY KEY, token VARCHAR(64) NOT NULL)";

    /** So many rows reach every partition. */
    private static final int MARKS = 64;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Connections connections;
    private final String group;
    private final List<TopicPartition> partitions;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** The way to the database with the table of the marks. */
    @FunctionalInterface
    public interface Connections {
        /** A new connection; the caller closes it. */
        Connection connect() throws SQLException;
    }

    /** How long a change took to come out of every partition, and from there until all before it was removed. */
    public record Passage(long toKafkaNanos, long toDoneNanos) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f s to Kafka, %.1f s from there until removed",
                    toKafkaNanos / 1e9,
                    toDoneNanos / 1e9);
        }
    }

    /**
     * Watches what Canal sends.
     *
     * @param group of the sync service
     */
    public ChangeFlow(Connections connections, Devstack stack, String group) {
        this.connections = requireNonNull(connections, "connections is null");
        this.group = requireNonNull(group, "group is null");
        this.partitions = IntStream.range(0, stack.canal().partitions())
                .mapToObj(partition -> new TopicPartition(stack.canal().topic(), partition))
                .toList();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                stack.kafka().bootstrapServers(),
                "default.api.timeout.ms",
                TIMEOUT_MILLIS,
                "request.timeout.ms",
                TIMEOUT_MILLIS / 2);
        this.admin = Admin.create(settings);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(partitions);
    }

    /**
     * Returns when every change that was committed before this call is applied: changes made after it have come out of
     * every partition, and the offsets behind them are committed, so all Removes up to them are done.
     */
    public Passage awaitApplied() {
        Patience.await("the end of the topic", () -> {
            consumer.seekToEnd(partitions);
            // Looked up when asked for: before the marks are made.
            partitions.forEach(consumer::position);
            return true;
        });
        long startNanos = System.nanoTime();
        String token = UUID.randomUUID().toString();
        Patience.await("MySQL taking a change", () -> {
            mark(token);
            return true;
        });
        Map<TopicPartition, Long> seen = new HashMap<>();
        Patience.await("a change in each of " + partitions, () -> {
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                if (message.value() != null && new String(message.value(), UTF_8).contains(token)) {
                    seen.put(new TopicPartition(message.topic(), message.partition()), message.offset());
                }
            }
            return seen.size() == partitions.size();
        });
        long inKafkaNanos = System.nanoTime();
        Patience.await("offsets committed behind " + seen, () -> {
            Map<TopicPartition, OffsetAndMetadata> committed = committed();
            return seen.entrySet().stream().allMatch(mark -> {
                OffsetAndMetadata offset = committed.get(mark.getKey());
                return offset != null && offset.offset() > mark.getValue();
            });
        });
        return new Passage(inKafkaNanos - startNanos, System.nanoTime() - inKafkaNanos);
    }

    /** Commits changes that carry the token and reach every partition of the change stream. */
    private void mark(String token) throws SQLException {
        StringJoiner marks = new StringJoiner(", ", "REPLACE INTO marks VALUES ", "");
        IntStream.range(0, MARKS).forEach(id -> marks.add("(" + id + ", '" + token + "')"));
        try (Connection connection = connections.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(marks.toString());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How many records there have ever been, over all partitions. */
    long end() {
        return consumer.endOffsets(partitions).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Deletes every record that is there now, as retention does; true if it took some that were not done. */
    boolean truncate() throws Exception {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        admin.deleteRecords(partitions.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                partition -> RecordsToDelete.beforeOffset(requireNonNull(ends.get(partition))))))
                .all()
                .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        return partitions.stream().allMatch(partition -> {
            OffsetAndMetadata offset = committed.get(partition);
            return offset == null || offset.offset() < requireNonNull(ends.get(partition));
        });
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
