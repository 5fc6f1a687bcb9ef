package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.cluster.Member;
import io.sluice.coherence.FenceLimits;
import io.sluice.config.Address;
import io.sluice.config.ConfigException;
import io.sluice.config.ConfigFile;
import io.sluice.node.grpc.RequestLimits;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.lease.LeaseSettings;
import io.sluice.node.load.LoadSettings;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeConfigTest {
    private static final String LEAST = """
            name: node-1
            rules: rules.yaml
            cluster: { members: ["node-1=127.0.0.1:7400"] }
            """;

    @Test
    void defaults() {
        NodeConfig config = parse(LEAST);

        assertThat(config.name()).isEqualTo("node-1");
        assertThat(config.rules()).isEqualTo("rules.yaml");
        assertThat(config.cluster().members()).containsExactly("node-1=127.0.0.1:7400");
        assertThat(config.listenAddress()).isEqualTo(new Address(null, 7400));
        assertThat(config.listenAddress().hostName()).isEqualTo("127.0.0.1");
        assertThat(config.adminAddress().hostName()).isEqualTo("127.0.0.1");
        assertThat(config.adminAddress().port()).isEqualTo(7480);
        assertThat(config.member(7400)).isEqualTo(new Member("node-1", "127.0.0.1", 7400, 0, 1, ""));
        assertThat(config.storeSettings()).isEqualTo(new StoreSettings(16, PolicyKind.W_TINYLFU, FenceLimits.DEFAULTS));
        assertThat(config.sharedCapacity()).isEqualTo(256L << 20);
        assertThat(config.groupCapacities()).isEmpty();
        assertThat(config.loadSettings())
                .isEqualTo(new LoadSettings(
                        10, Duration.ofSeconds(1), Duration.ofSeconds(3), 2 << 20, 10_000, Duration.ofMillis(20)));
        assertThat(config.requestLimits())
                .isEqualTo(
                        new RequestLimits(8 << 10, 2 << 20, 1_000, 10_000, 10_000, 4032 << 10, Duration.ofSeconds(5)));
        assertThat(config.leaseSettings()).isEqualTo(new LeaseSettings(Duration.ofSeconds(2), 100_000, 20_000, 1_000));
        assertThat(config.hotKeySettings()).isEqualTo(new HotKeySettings(true, Duration.ofSeconds(1), 100, 64));
        assertThat(config.recorderEvents()).isEqualTo(65_536);
        assertThat(config.leaving()).isEqualTo(new Leaving(Duration.ofSeconds(5), Duration.ofSeconds(2)));
        assertThat(config.unleasedStalenessBound()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void fullMapping() {
        NodeConfig config = parse("""
                name: node-2
                rules: conf/rules.yaml
                cluster: { etcd: ["http://127.0.0.1:2379"], name: school, replication-factor: 3 }
                listen: { host: 0.0.0.0, port: 7001 }
                advertise: { host: node-2.internal, port: 7101 }
                admin: { host: 127.0.0.2, port: 7201 }
                weight: 4
                zone: b
                store: { capacity: 64MiB, groups: { student: 16MiB }, segments: 8, policy: arc }
                loads: { connections: 20, connect-timeout: 2s, timeout: 4s, rows: 500, poll-interval: 50ms }
                limits:
                  key: 1KiB
                  value: 1MiB
                  response: 8MiB
                  keys-per-batch: 50
                  removals-per-batch: 60
                  pending-reads: 70
                  deadline: 9s
                hot-keys: { copies: false, life: 500ms, rate: 7, keys: 8 }
                recorder: { events: 100 }
                leave: { timeout: 3s, linger: 4s }
                leases: { longest: 1s, most: 2, most-of-stream: 3, streams: 4 }
                unleased-staleness: 0s
                """);

        assertThat(config.cluster().etcd()).isEqualTo(List.of("http://127.0.0.1:2379"));
        assertThat(config.cluster().name()).isEqualTo("school");
        assertThat(config.cluster().replicationFactor()).isEqualTo(3);
        assertThat(config.listenAddress()).isEqualTo(new Address("0.0.0.0", 7001));
        assertThat(config.adminAddress()).isEqualTo(new Address("127.0.0.2", 7201));
        assertThat(config.member(7001)).isEqualTo(new Member("node-2", "node-2.internal", 7101, 0, 4, "b"));
        assertThat(config.storeSettings()).isEqualTo(new StoreSettings(8, PolicyKind.ARC, FenceLimits.DEFAULTS));
        assertThat(config.groupCapacities()).isEqualTo(Map.of("student", 16L << 20));
        assertThat(config.sharedCapacity()).isEqualTo(48L << 20);
        assertThat(config.loadSettings())
                .isEqualTo(new LoadSettings(
                        20, Duration.ofSeconds(2), Duration.ofSeconds(4), 1 << 20, 500, Duration.ofMillis(50)));
        assertThat(config.requestLimits())
                .isEqualTo(new RequestLimits(1 << 10, 1 << 20, 50, 60, 70, 8 << 20, Duration.ofSeconds(9)));
        assertThat(config.hotKeySettings()).isEqualTo(new HotKeySettings(false, Duration.ofMillis(500), 7, 8));
        assertThat(config.recorderEvents()).isEqualTo(100);
        assertThat(config.leaving()).isEqualTo(new Leaving(Duration.ofSeconds(3), Duration.ofSeconds(4)));
        assertThat(config.leaseSettings()).isEqualTo(new LeaseSettings(Duration.ofSeconds(1), 2, 3, 4));
        assertThat(config.unleasedStalenessBound()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            loads: { connections: 0 }          | loads.connections is 0: give 1 to 1000
            loads: { rows: 0 }                 | loads.rows is 0
            loads: { connect-timeout: 1ms }    | loads.connect-timeout is 1 ms: give 250ms to 10m
            loads: { timeout: 11m }            | loads.timeout
            loads: { poll-interval: 1ms }      | loads.poll-interval is 1 ms: give 5ms to 1s
            unleased-staleness: 2m             | unleased-staleness is 120000 ms: give 0s to 1m
            limits: { key: 16KiB }             | limits.key is 16384: give 1 to 16383
            limits: { value: 9MiB }            | limits.value
            limits: { response: 16MiB }        | limits.response
            limits: { keys-per-batch: 10001 }  | limits.keys-per-batch is 10001
            limits: { removals-per-batch: 10 } | limits.removals-per-batch is 10: give 1000 to 100000
            limits: { pending-reads: 0 }       | limits.pending-reads is 0
            limits: { deadline: 1ms }          | limits.deadline
            hot-keys: { life: 3s }             | hot-keys.life is 3000 ms: give 10ms to 2s
            hot-keys: { rate: 0 }              | hot-keys.rate is 0
            recorder: { events: -1 }           | recorder.events is -1: give 0 to
            leave: { linger: 11m }             | leave.linger
            leases: { longest: 11s }           | leases.longest is 11000 ms: give 10ms to 10s
            leases: { streams: 0 }             | leases.streams is 0
            store: { segments: 3 }             | segments is 3, must be a power of two
            store: { capacity: 1MiB, groups: { a: 2MiB } } | more than store.capacity, which is 1MiB
            """)
    void valueOutOfRangeSaysWhatToGive(String line, String message) {
        NodeConfig config = parse(LEAST + line);
        Consumer<NodeConfig> reader = node -> {
            node.loadSettings();
            node.requestLimits();
            node.storeSettings();
            node.sharedCapacity();
            node.hotKeySettings();
            node.recorderEvents();
            node.leaving();
            node.leaseSettings();
            node.unleasedStalenessBound();
        };

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> reader.accept(config))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listen: { port: 70000 } | the port is 70000: give 0 to 65535
            lissen: { port: 1 }     | listen
            weight: heavy           | weight
            """)
    void fileThatIsNotUnderstoodSaysWhere(String line, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse(LEAST + line))
                .withMessageContaining("node.yaml")
                .withMessageContaining(message);
    }

    @Test
    void fileWithoutANameIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("rules: rules.yaml\ncluster: { members: [\"a=127.0.0.1:1\"] }"))
                .withMessageContaining("name");
    }

    private static NodeConfig parse(String yaml) {
        return ConfigFile.parse("node.yaml", yaml, NodeConfig.class, Map.of());
    }
}
