package io.sluice.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Records that nobody can read are put aside for a person, counted, and stop nothing. */
@SystemTest
@Order(6)
class MalformedMessagesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_RECORD_BYTES = 64 << 10;
    private static final String TRACE = "trace";

    /** A record, each character one byte, and the kind of problem that its dead letter must name. */
    private record Bad(String kind, @Nullable String text) {
        byte @Nullable [] value() {
            return text == null ? null : text.getBytes(ISO_8859_1);
        }
    }

    private final Devstack stack;
    private final Scene scene;

    MalformedMessagesTest(Devstack stack) throws IOException {
        this.stack = stack;
        scene = Items.scene(stack, "malformed", 2);
        SluiceProcess sync = scene.cluster().sync();
        sync.close();
        Path config = scene.directory().resolve("sync-1.yaml");
        Files.writeString(config, "limits: { max-record: 64KiB }\n", StandardOpenOption.APPEND);
        sync.launch();
        sync.awaitReady();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private List<Bad> records() {
        return List.of(
                new Bad("empty", null),
                new Bad("empty", ""),
                new Bad("unparsable", "\0\u00ff\u0011*\u0080"),
                new Bad("unparsable", "{\"database\":\"malformed\",\"table\":\"items\",\"type\":\"UPD"),
                new Bad("unexpected_shape", "{\"database\":".repeat(5_000)),
                new Bad("unparsable", "{\"extra\":" + "[".repeat(30_000)),
                new Bad("unexpected_shape", "[1, 2, 3]"),
                new Bad("unexpected_shape", message("\"type\":\"INSERT\",\"data\":{\"id\":\"1\"}")),
                new Bad("unknown_type", message("\"type\":\"EXPLODE\",\"data\":[{\"id\":\"1\"}]")),
                new Bad("oversized", message("\"type\":\"EXPLODE\",\"data\":\"" + "x".repeat(MAX_RECORD_BYTES) + "\"")),
                new Bad(
                        "bad_position",
                        message("\"type\":\"INSERT\",\"mysqlType\":{\"id\":\"int\",\"version\":\"bigint\"},"
                                + "\"data\":[{\"id\":\"1\",\"version\":\"1\"}],\"gtid\":\"not a set\"")));
    }

    private static String message(String rest) {
        return "{\"database\":\"malformed\",\"table\":\"items\",\"isDdl\":false," + rest + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void malformedRecordsArePutAsideAndLaterChangesAreSeen()
            throws ExecutionException, InterruptedException, IOException {
        SluiceProcess sync = scene.cluster().sync();
        List<Bad> records = records();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records.size(); i++) {
                producer.send(record(i, records.get(i).value())).get();
                assertChangeIsSeen(1 + i, 100 + i);
            }
        }
        Map<String, ConsumerRecord<byte[], byte[]>> letters = awaitLetters(records.size());
        for (int i = 0; i < records.size(); i++) {
            assertLetter(requireNonNull(letters.get(Integer.toString(i))), i, records.get(i));
        }
        for (Bad record : records) {
            String kind = record.kind();
            double count = (double)
                    records.stream().filter(other -> other.kind().equals(kind)).count();
            assertThat(Metrics.sum(sync, "sluice_sync_records_total", "outcome=\"" + kind + "\""))
                    .as("records that are %s", kind)
                    .isEqualTo(count);
            assertThat(Metrics.sum(sync, "sluice_sync_dead_letters_total", "kind=\"" + kind + "\"", "outcome=\"sent\""))
                    .as("dead letters that are %s", kind)
                    .isEqualTo(count);
        }
        awaitEveryOffsetIsCommitted();
        assertTheyAreListedAndCanBeReplayed(records);
    }

    private void assertTheyAreListedAndCanBeReplayed(List<Bad> records) throws IOException, InterruptedException {
        SluiceCommand list = dlq("list", "--json", "--kind", "unknown_type,oversized");
        assertThat(list.status()).as(list.errors()).isEqualTo(0);
        assertThat(list.out().lines())
                .hasSize((int) records.stream()
                        .filter(bad ->
                                bad.kind().equals("unknown_type") || bad.kind().equals("oversized"))
                        .count())
                .allSatisfy(line -> assertThat(line)
                        .contains("\"origin\":\"" + stack.canal().topic() + "-"));

        assertThat(dlq("replay").errors()).contains("say which letters: --kind, --offset, or --all");
        int before = dlq("list").out().lines().toList().size();
        SluiceCommand replay = dlq("replay", "--kind", "unknown_type");
        assertThat(replay.status()).as(replay.errors()).isEqualTo(0);
        assertThat(replay.out()).contains("1 sent, 0 cannot be");
        // It is as unknown as before.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(dlq("list").out().lines()).hasSize(before + 1));
        awaitEveryOffsetIsCommitted();
    }

    private SluiceCommand dlq(String command, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("sync", "dlq", command, "--config"));
        arguments.add(scene.directory().resolve("sync-1.yaml").toString());
        arguments.addAll(List.of(options));
        Map<String, String> environment =
                Map.of("SLUICE_DB_PASSWORD", MysqlServer.PASSWORD, "SLUICE_SYNC_PASSWORD", MysqlServer.SYNC_PASSWORD);
        return SluiceCommand.run(scene.directory(), environment, arguments.toArray(String[]::new));
    }

    private int partition(int i) {
        return i % stack.canal().partitions();
    }

    private ProducerRecord<byte[], byte[]> record(int i, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(stack.canal().topic(), partition(i), bytes("key-" + i), value);
        record.headers().add(TRACE, bytes(Integer.toString(i)));
        return record;
    }

    private void assertChangeIsSeen(int id, long version) {
        scene.nodes().forEach(node -> scene.on(node, Items.GROUP, Integer.toString(id)));
        scene.sql("UPDATE items SET version = " + version + " WHERE id = " + id);
        scene.nodes()
                .forEach(node -> await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(scene.on(node, Items.GROUP, Integer.toString(id))
                                        .text())
                                .hasValue(Items.json(id, version))));
    }

    private static void assertLetter(ConsumerRecord<byte[], byte[]> letter, int i, Bad original) {
        assertThat(letter.value()).as("value of letter " + i).isEqualTo(original.value());
        assertThat(letter.key()).isEqualTo(bytes("key-" + i));
        assertThat(header(letter, "sluice-error-kind"))
                .as("kind of letter " + i)
                .isEqualTo(original.kind());
        assertThat(header(letter, "sluice-error")).isNotBlank();
        assertThat(header(letter, "sluice-partition")).isNotBlank();
        assertThat(header(letter, "sluice-offset")).isNotBlank();
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    /** By the header that the test gave them; Canal's own dead letters, such as of CREATE TABLE, have none. */
    private Map<String, ConsumerRecord<byte[], byte[]>> awaitLetters(int count) {
        Map<String, ConsumerRecord<byte[], byte[]>> letters = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition("sluice-dead-letters-malformed", 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letter -> {
                    String trace = header(letter, TRACE);
                    if (!trace.isEmpty()) {
                        letters.put(trace, letter);
                    }
                });
                return letters.size() >= count;
            });
        }
        return letters;
    }

    private void awaitEveryOffsetIsCommitted() {
        List<TopicPartition> partitions = IntStream.range(0, stack.canal().partitions())
                .mapToObj(partition -> new TopicPartition(stack.canal().topic(), partition))
                .toList();
        try (Admin admin =
                        Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                var committed = admin.listConsumerGroupOffsets(LocalCluster.syncGroup("malformed"))
                        .partitionsToOffsetAndMetadata()
                        .get();
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                List<String> behind = new ArrayList<>();
                ends.forEach((partition, end) -> {
                    var offset = committed.get(partition);
                    if (offset == null || offset.offset() != end) {
                        behind.add(partition + " ends at " + end + ", committed " + offset);
                    }
                });
                assertThat(behind).isEmpty();
            });
        }
    }
}
