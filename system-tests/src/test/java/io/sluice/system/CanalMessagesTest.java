package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.devstack.Devstack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What the real Canal says of every kind of statement is what the golden messages of the sync service's tests say. They
 * are captured here, never typed: with {@code SLUICE_CAPTURE} in the environment this test writes them anew.
 *
 * <p>Each line of the file is a message; what differs from run to run (id, times, GTIDs) is put in order first. Lines
 * that begin with {@code #} say which statement comes next.
 */
@SystemTest
@Order(90)
class CanalMessagesTest {
    private static final Path GOLDEN = Path.of("..", "sync-service", "src", "test", "resources", "canal");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** So many rows come to every partition. */
    private static final int MARKER_ROWS = 32;

    private final Devstack stack;

    CanalMessagesTest(Devstack stack) {
        this.stack = stack;
    }

    @Test
    void canalSaysWhatTheGoldenMessagesSay() throws SQLException, IOException {
        List<String> script = Files.readAllLines(GOLDEN.resolve("statements.sql"), UTF_8);
        List<String> seen = new ArrayList<>();
        try (Connection connection = stack.mysql().rootConnection();
                Connection other = stack.mysql().rootConnection();
                Statement run = connection.createStatement();
                Statement mark = other.createStatement();
                KafkaConsumer<String, String> consumer = consumer()) {
            run.execute("CREATE DATABASE golden");
            run.execute("USE golden");
            mark.execute("CREATE DATABASE golden_marker");
            mark.execute("CREATE TABLE golden_marker.marker (id INT PRIMARY KEY, token INT NOT NULL)");
            int token = 0;
            for (String line : script) {
                if (!line.isBlank() && !line.startsWith("-- ")) {
                    run.execute(line);
                    seen.add("# " + line);
                    seen.addAll(messages(consumer, mark, ++token));
                }
            }
        }
        Path golden = GOLDEN.resolve("messages.jsonl");
        if (System.getenv("SLUICE_CAPTURE") != null) {
            Files.write(golden, seen, UTF_8);
        }
        assertThat(seen).containsExactlyElementsOf(Files.readAllLines(golden, UTF_8));
    }

    private KafkaConsumer<String, String> consumer() {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, stack.canal().partitions())
                .mapToObj(partition -> new TopicPartition(stack.canal().topic(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    /** The messages so far: all that come before rows that another session writes now, on every partition. */
    private static List<String> messages(KafkaConsumer<String, String> consumer, Statement mark, int token)
            throws SQLException {
        mark.execute("REPLACE INTO golden_marker.marker VALUES "
                + IntStream.range(0, MARKER_ROWS)
                        .mapToObj(id -> "(" + id + ", " + token + ")")
                        .collect(Collectors.joining(", ")));
        List<String> messages = new ArrayList<>();
        Matcher marker = Pattern.compile("\"token\":\"" + token + "\"").matcher("");
        long marked = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (marked < MARKER_ROWS) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The marker was not seen within " + PATIENCE + ", only " + messages);
            }
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                String message = record.value();
                if (message.contains("\"database\":\"golden_marker\"")) {
                    marked += marker.reset(message).results().count();
                } else if (message.contains("\"database\":\"golden\"") && !message.contains("CREATE DATABASE")) {
                    messages.add(steady(message));
                }
            }
        }
        return messages.stream().sorted().toList();
    }

    private static String steady(String message) {
        return message.replaceAll("\"(es|ts|id)\":\\d+", "\"$1\":0")
                .replaceAll("\"gtid\":\"[^\"]*\"", "\"gtid\":\"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-23\"");
    }
}
