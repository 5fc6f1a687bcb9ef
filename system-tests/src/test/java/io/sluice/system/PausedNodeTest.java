package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.ClusterPlan;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A node stands still, and its lease is long: the others are told on, and nothing is committed before it is told too.
 */
@SystemTest
@Order(9)
class PausedNodeTest {
    private static final String NAME = "paused_node";
    private static final String TOPIC = "paused-node";
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 80_000;
    private static final Duration LONG_LEASE = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final Devstack stack;

    PausedNodeTest(Devstack stack) {
        this.stack = stack;
    }

    @Test
    void theOthersAreToldOnAndOffsetsWaitForIt() throws Exception {
        try (Admin admin =
                        Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
                LocalCluster cluster = LocalCluster.prepare(stack, plan())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get();
            cluster.nodes().forEach(SluiceProcess::launch);
            cluster.sync().launch();
            cluster.nodes().forEach(SluiceProcess::awaitReady);
            cluster.sync().awaitReady();
            SluiceProcess paused = cluster.nodes().getLast();
            paused.pause();
            try {
                produce();
                // Each key has two of the three nodes as holders, so each node has to be told two thirds of the keys.
                await().atMost(PATIENCE)
                        .until(() ->
                                told(cluster, "node-1") > RECORDS * 0.6 && told(cluster, "node-2") > RECORDS * 0.6);
                assertThat(Metrics.sum(cluster.sync(), "sluice_sync_records_in_flight"))
                        .isGreaterThan(RECORDS / 2.0);
                assertThat(Metrics.sum(cluster.sync(), "sluice_sync_paused")).isZero();
                assertThat(told(cluster, "node-3")).isLessThan(100);
                assertThat(committed(admin)).isLessThan(RECORDS / 2);
            } finally {
                paused.resume();
            }
            await().atMost(PATIENCE).until(() -> committed(admin) == RECORDS);
            assertThat(told(cluster, "node-3")).isGreaterThan(RECORDS * 0.6);
            assertThat(Metrics.sum(cluster.sync(), "sluice_sync_removals_bytes"))
                    .isZero();
            assertThat(Metrics.sum(cluster.sync(), "sluice_sync_removals_collapsed_total"))
                    .isZero();
        }
    }

    private ClusterPlan plan() throws Exception {
        try (Connection connection = stack.mysql().rootConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + NAME);
            statement.execute("CREATE TABLE " + NAME + ".items (id INT PRIMARY KEY)");
        }
        String rules = Scene.sources(stack, NAME) + """
                groups:
                  item: { source: app, key: "{id}", load: "SELECT id FROM items WHERE id = :id" }
                invalidate:
                  - table: %s.items
                    keys:
                      - { group: item, key: "{id}" }
                """.formatted(NAME);
        return ClusterPlan.of(NAME, 3, rules, TOPIC).withLeaseTtl(LONG_LEASE);
    }

    private void produce() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 1; i <= RECORDS; i++) {
                byte[] message = """
                        {"data":[{"id":"%d"}],"database":"%s","table":"items","type":"INSERT","isDdl":false,"old":null,\
                        "mysqlType":{"id":"int"},"gtid":"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-%d"}
                        """.formatted(i, NAME, i).getBytes(UTF_8);
                var _ = producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, message));
            }
        }
    }

    private static double told(LocalCluster cluster, String node) {
        return Metrics.sum(cluster.sync(), "sluice_sync_removals_acknowledged_total", "node=\"" + node + "\"");
    }

    private static long committed(Admin admin) throws Exception {
        return admin
                .listConsumerGroupOffsets(LocalCluster.syncGroup(NAME))
                .partitionsToOffsetAndMetadata()
                .get()
                .values()
                .stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }
}
