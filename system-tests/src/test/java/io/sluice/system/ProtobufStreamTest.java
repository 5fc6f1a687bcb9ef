package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.KafkaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The real Canal writes protobuf, and the sync service finds its topic by a pattern: as a member of a group by the new
 * protocol, and then by the classic one at the broker's listener that asks for a password. On a stack of its own.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Order(10)
class ProtobufStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Devstack stack;
    private Scene scene;

    @BeforeAll
    void start() throws IOException {
        stack = Devstack.builder()
                .topic("protobuf-changes", 2)
                .canalSetting("canal.mq.flatMessage", "false")
                .start();
        scene = Scene.start(
                stack,
                "protobuf",
                2,
                """
                groups:
                  item:
                    source: app
                    key: "{id}"
                    load: "SELECT id, version FROM items WHERE id = :id"
                invalidate:
                  - table: ${db}.items
                    keys:
                      - { group: item, key: "{id}" }
                """,
                "CREATE TABLE items (id INT PRIMARY KEY, version BIGINT NOT NULL)",
                "INSERT INTO items VALUES (1, 0), (2, 0), (3, 0)");
        syncWith("consumer", stack.kafka().bootstrapServers(), "");
    }

    @AfterAll
    void stop() {
        if (scene != null) {
            scene.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    private void syncWith(String groupProtocol, String brokers, String security) throws IOException {
        SluiceProcess sync = scene.cluster().sync();
        sync.close();
        Path config = scene.directory().resolve("sync-1.yaml");
        String text = Files.readString(config)
                .replaceFirst("topics: .*", "topic-pattern: 'protobuf-.*'\n  format: canal-protobuf")
                .replaceFirst("bootstrap-servers: .*", "bootstrap-servers: [\"" + brokers + "\"]")
                .replaceFirst("  properties: .*\n", "")
                .replaceFirst(
                        "  group-id: .*",
                        "  group-id: by-" + groupProtocol + "\n  properties: { group.protocol: " + groupProtocol
                                + security + " }");
        Files.writeString(config, text);
        sync.launch();
        sync.awaitReady();
        scene.cluster().awaitKeeping(scene.client(), "item", "3");
    }

    @Test
    void changesAreSeenOnEveryNodeByBothGroupProtocols() throws IOException {
        assertChangesAreSeen(1);
        syncWith(
                "classic",
                stack.kafka().saslBootstrapServers(),
                ", security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.jaas.config: '"
                        + "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";'"
                                .formatted(KafkaServer.SASL_USERNAME, KafkaServer.SASL_PASSWORD));
        assertChangesAreSeen(2);
        assertThat(Metrics.sum(scene.cluster().sync(), "sluice_sync_dead_letters_total", "kind=\"unparsable\""))
                .isZero();
    }

    private void assertChangesAreSeen(int id) {
        String key = Integer.toString(id);
        for (int version = 1; version <= 3; version++) {
            scene.nodes().forEach(node -> scene.on(node, "item", key));
            scene.sql("UPDATE items SET version = " + version + " WHERE id = " + id);
            String expected = "{\"id\":" + id + ",\"version\":" + version + "}";
            for (SluiceProcess node : scene.nodes()) {
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(scene.on(node, "item", key).text()).hasValue(expected));
            }
        }
        scene.sql("DELETE FROM items WHERE id = " + id);
        for (SluiceProcess node : scene.nodes()) {
            await().atMost(PATIENCE)
                    .until(() -> scene.on(node, "item", key).text().isEmpty());
        }
    }
}
