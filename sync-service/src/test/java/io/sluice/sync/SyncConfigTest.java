package io.sluice.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigException;
import io.sluice.config.ConfigFile;
import io.sluice.config.DataSize;
import io.sluice.config.Secret;
import io.sluice.sync.dispatch.DispatchSettings;
import io.sluice.sync.fanout.FanOutSettings;
import io.sluice.sync.heartbeat.HeartbeatSettings;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.kafka.FlowLimits;
import io.sluice.sync.kafka.KafkaSettings;
import io.sluice.sync.kafka.Topics;
import io.sluice.sync.source.ChangeFormat;
import io.sluice.sync.source.DebeziumJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SyncConfigTest {
    private static final String LEAST = """
            name: sync-1
            rules: rules.yaml
            kafka:
              bootstrap-servers: ["127.0.0.1:9092"]
              topics: [sluice-changes]
            cluster:
              etcd: ["http://127.0.0.1:2379"]
            """;

    @Test
    void defaults() {
        SyncConfig config = parse(LEAST);
        assertThat(config.kafka().settings())
                .isEqualTo(new KafkaSettings(
                        List.of("127.0.0.1:9092"),
                        Topics.named(List.of("sluice-changes")),
                        "sluice-sync",
                        "sluice-dead-letters",
                        Map.of()));
        assertThat(config.kafka().changeFormat()).isEqualTo(ChangeFormat.CANAL_JSON);
        assertThat(config.dispatchSettings()).isEqualTo(DispatchSettings.DEFAULTS);
        assertThat(config.flowLimits()).isEqualTo(FlowLimits.DEFAULTS);
        assertThat(config.heartbeatSettings()).isEqualTo(HeartbeatSettings.DEFAULTS);
        assertThat(config.fanOutSettings()).isEqualTo(FanOutSettings.DEFAULTS);
        assertThat(config.adminAddress().hostName()).isEqualTo("127.0.0.1");
        assertThat(config.adminAddress().port()).isEqualTo(7481);
        assertThat(config.listenAddress().hostName()).isEqualTo("127.0.0.1");
        assertThat(config.listenAddress().port()).isEqualTo(7401);
        assertThat(config.rules()).isEqualTo("rules.yaml");
    }

    @Test
    void fullMapping() {
        SyncConfig config = parse(LEAST + """
                dispatch:
                  max-batch: 500
                  max-batch-bytes: 512KiB
                  linger: 1ms
                  window: 2
                  max-backlog: 3MiB
                  rpc-timeout: 3s
                  retry-initial: 20ms
                  retry-max: 2s
                limits:
                  max-record: 1MiB
                  in-flight-records: 100
                  in-flight-bytes: 200KiB
                  waiting-bytes: 20KiB
                  commit-interval: 50ms
                  drain-timeout: 1s
                  retry: 2s
                heartbeat:
                  table: ops.beats
                  username: sluice_sync
                  password: hidden-word
                  connect-timeout: 1s
                  timeout: 3s
                fan-out:
                  rows: 50
                  timeout: 4s
                  connections: 2
                  queue: 20
                listen:
                  host: 127.0.0.3
                  port: 1234
                admin:
                  host: 127.0.0.2
                  port: 0
                """);
        assertThat(config.dispatchSettings())
                .isEqualTo(new DispatchSettings(
                        500,
                        new DataSize(512 << 10),
                        Duration.ofMillis(1),
                        2,
                        new DataSize(3 << 20),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(20),
                        Duration.ofSeconds(2)));
        assertThat(config.flowLimits())
                .isEqualTo(new FlowLimits(
                        new DataSize(1 << 20),
                        100,
                        new DataSize(200 << 10),
                        new DataSize(20 << 10),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2)));
        assertThat(config.heartbeatSettings())
                .isEqualTo(new HeartbeatSettings(
                        new HeartbeatTable("ops", "beats"),
                        "sluice_sync",
                        new Secret("hidden-word"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3)));
        assertThat(config.fanOutSettings())
                .isEqualTo(new FanOutSettings(
                        50,
                        Duration.ofSeconds(4),
                        2,
                        20,
                        Duration.ofSeconds(1),
                        "sluice_sync",
                        new Secret("hidden-word")));
        assertThat(config.toString()).doesNotContain("hidden-word");
        assertThat(config.adminAddress().hostName()).isEqualTo("127.0.0.2");
        assertThat(config.listenAddress().hostName()).isEqualTo("127.0.0.3");
        assertThat(config.listenAddress().port()).isEqualTo(1234);
    }

    @Test
    void formatPatternAndColumnTypes() {
        SyncConfig.Kafka kafka =
                parse(LEAST.replace("topics: [sluice-changes]", """
                topic-pattern: 'db\\.app\\..*'
                  format: debezium-json
                  column-types: { app.students: { id: bigint unsigned, score: "decimal(10,2)" } }""")).kafka();
        assertThat(kafka.settings().topics()).isEqualTo(Topics.matching("db\\.app\\..*"));
        assertThat(kafka.changeFormat()).isEqualTo(ChangeFormat.DEBEZIUM_JSON);
        assertThat(kafka.source(FlowLimits.DEFAULTS)).isInstanceOf(DebeziumJson.class);
    }

    @Test
    void wrongFormatsTopicsAndTypesAreRefusedWithWhatToDo() {
        assertThatThrownBy(() -> parse(with("format: debezium")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.format: there is no format 'debezium'")
                .hasMessageContaining("debezium-json");
        assertThatThrownBy(() -> parse(with("format: cannal-json"))).hasMessageContaining("did you mean 'canal-json'?");
        assertThatThrownBy(() -> parse(with("topic-pattern: x"))).hasMessageContaining("keep one of them");
        assertThatThrownBy(() -> parse(LEAST.replace("  topics: [sluice-changes]\n", "")))
                .hasMessageContaining("kafka.topics is missing");
        assertThatThrownBy(() -> parse(LEAST.replace("topics: [sluice-changes]", "topic-pattern: '('")))
                .hasMessageContaining("is no regular expression");
        assertThatThrownBy(() -> parse(LEAST.replace("topics: [sluice-changes]", "topic-pattern: 'sluice-.*'")))
                .hasMessageContaining("sluice-dead-letters");
        assertThatThrownBy(() -> parse(with("column-types: { students: { id: int } }")))
                .hasMessageContaining("write database.table");
        assertThatThrownBy(() -> parse(with("column-types: { app.students: { id: nothing } }")))
                .hasMessageContaining("kafka.column-types: 'nothing' of app.students.id");
    }

    private static String with(String key) {
        return LEAST.replace("cluster:", "  " + key + "\ncluster:");
    }

    @Test
    void kafkaPropertiesPassThroughButNotThoseOurPromisesRestOn() {
        String security = "  properties: { security.protocol: SASL_SSL }\n";
        assertThat(parse(LEAST.replace("cluster:", security + "cluster:"))
                        .kafka()
                        .settings()
                        .properties())
                .containsExactly(Map.entry("security.protocol", "SASL_SSL"));
        String ours = "  properties: { enable.auto.commit: \"true\" }\n";
        assertThatThrownBy(() -> parse(LEAST.replace("cluster:", ours + "cluster:")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("enable.auto.commit");
        String unstored = "  properties: { acks: \"0\" }\n";
        assertThatThrownBy(() -> parse(LEAST.replace("cluster:", unstored + "cluster:")))
                .hasMessageContaining("must not set [acks]");
    }

    @Test
    void thePasswordsAmongKafkasPropertiesAreNotPrinted() {
        String password = "  properties: { sasl.jaas.config: hidden-word }\n";
        SyncConfig config = parse(LEAST.replace("cluster:", password + "cluster:"));

        assertThat(config.toString()).contains("sasl.jaas.config").doesNotContain("hidden-word");
        assertThat(config.kafka().settings().toString()).doesNotContain("hidden-word");
    }

    @Test
    void whatMakesNoSenseIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> parse(LEAST.replace("[sluice-changes]", "[]")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.topics is empty");
        assertThatThrownBy(() -> parse(LEAST + "dispatch: { max-batch: 0 }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max-batch must be 1 to 10000");
        assertThatThrownBy(() -> parse(LEAST + "limits: { in-flight-records: 0 }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("in-flight-records must be at least 1");
        assertThatThrownBy(() -> parse(LEAST + "heartbeat: { table: beats }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("give database.table");
        assertThatThrownBy(() -> parse(LEAST + "heartbeat: { password: hidden-word }"))
                .hasMessageContaining("without heartbeat.username");
        assertThatThrownBy(() -> parse(LEAST + "heartbeat: { timeout: 0ms }"))
                .hasMessageContaining("heartbeat.timeout must be 1ms to 1m");
        assertThatThrownBy(() -> parse(LEAST + "fan-out: { rows: 0 }"))
                .hasMessageContaining("fan-out.rows must be 1 to 1000000");
        assertThatThrownBy(() -> parse(LEAST.replace("topics", "topic")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("topics");
    }

    private static SyncConfig parse(String yaml) {
        return ConfigFile.parse("sync.yaml", yaml, SyncConfig.class, Map.of());
    }
}
