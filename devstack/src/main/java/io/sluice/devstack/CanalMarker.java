package io.sluice.devstack;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The proof that Canal works: a row written to a table of devstack's own comes out of Kafka. Consumers of the topic see
 * these rows too, of the database {@code sluice_devstack}. Stateless.
 */
final class CanalMarker {
    private static final Duration ONE_TRY = Duration.ofSeconds(20);

    private CanalMarker() {}

    /** Commits one transaction, so that the set of executed ones is not empty; returns the set. */
    static String someTransaction(MysqlServer mysql) throws SQLException {
        write(mysql, "start");
        return mysql.executedGtids();
    }

    /** Writes a row and returns when Kafka has it. */
    static void awaitOneRow(
            MysqlServer mysql, KafkaServer kafka, String topic, int partitions, BooleanSupplier canalIsAlive)
            throws SQLException, TimeoutException {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "default.api.timeout.ms", 10_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToEnd(all);
            // Positions are looked up when first asked for: before the row is written.
            all.forEach(consumer::position);
            String token = UUID.randomUUID().toString();
            write(mysql, token);
            long deadline = System.nanoTime() + ONE_TRY.toNanos();
            while (canalIsAlive.getAsBoolean() && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(200))) {
                    if (new String(message.value(), StandardCharsets.UTF_8).contains(token)) {
                        return;
                    }
                }
            }
        }
        throw new TimeoutException("a row written to MySQL did not reach the Kafka topic " + topic + " within "
                + ONE_TRY.toSeconds() + " s");
    }

    private static void write(MysqlServer mysql, String token) throws SQLException {
        try (Connection connection = mysql.rootConnection();
                PreparedStatement statement =
                        connection.prepareStatement("REPLACE INTO sluice_devstack.marker (id, token) VALUES (1, ?)")) {
            statement.setString(1, token);
            statement.executeUpdate();
        }
    }
}
