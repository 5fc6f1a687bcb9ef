package io.sluice.devstack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Canal says about the rows of one table, from now on. Replayed messages are seen again. Not thread-safe. */
final class CanalTopic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConsumer<String, String> consumer;
    private final String table;
    private final List<JsonNode> rows = new ArrayList<>();

    CanalTopic(Devstack stack, String table) {
        this.table = table;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, stack.canal().partitions())
                .mapToObj(partition -> new TopicPartition(stack.canal().topic(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** The first rows of the table, at least {@code count} of them. */
    List<JsonNode> awaitRows(int count) {
        await(() -> rows.size() >= count);
        return List.copyOf(rows);
    }

    /** The first row that {@code wanted} accepts. */
    JsonNode awaitRow(Predicate<JsonNode> wanted) {
        await(() -> rows.stream().anyMatch(wanted));
        return rows.stream().filter(wanted).findFirst().orElseThrow();
    }

    private void await(java.util.function.BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not seen within " + PATIENCE + "; rows of " + table + ": " + rows);
            }
            consumer.poll(Duration.ofMillis(100)).forEach(message -> {
                JsonNode json = JsonMapper.shared().readTree(message.value());
                if (json.get("table").asString().equals(table)
                        && !json.get("isDdl").asBoolean()) {
                    rows.add(json);
                }
            });
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
