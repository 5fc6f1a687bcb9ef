package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.Devstack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads Canal's topic from its end and says when each inserted row of the table {@code committed.students} came. Owns
 * the thread {@code bench-records}.
 */
final class RecordWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ObjLongConsumer<String> seen;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Thread thread;
    private volatile boolean stopping;

    private RecordWatch(KafkaConsumer<byte[], byte[]> consumer, ObjLongConsumer<String> seen) {
        this.consumer = consumer;
        this.seen = requireNonNull(seen, "seen is null");
        this.thread = Thread.ofPlatform().name("bench-records").daemon().unstarted(this::run);
    }

    /** Sees every record from when this returns. */
    static RecordWatch start(Devstack stack, ObjLongConsumer<String> seen) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers(), "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(stack.canal().topic()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        RecordWatch watch = new RecordWatch(consumer, seen);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    long now = System.nanoTime();
                    JsonNode message = json.readTree(record.value());
                    if (message.path("database").asString("").equals("committed")
                            && message.path("type").asString("").equals("INSERT")) {
                        message.path("data")
                                .forEach(row -> seen.accept(row.path("id").asString(), now));
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
