package io.sluice.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.ErrorCode;
import io.sluice.client.SluiceException;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests and wrong configurations are refused with words that say what to do. */
@SystemTest
@Order(4)
class BadInputTest {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    private final FreePorts ports = new FreePorts();
    private final Scene scene;

    BadInputTest(Devstack stack) {
        scene = Items.scene(stack, "bad_input", 2);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void unknownGroup() {
        SluiceException refusal = refusal("itme", "1");
        assertThat(refusal.code()).isEqualTo(ErrorCode.NO_SUCH_GROUP);
        assertThat(refusal).hasMessageContaining("No group of this name in the rules file; did you mean item?");
    }

    @Test
    void emptyKey() {
        SluiceException refusal = refusal(Items.GROUP, "");
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining("The key is empty: give the key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "é"})
    void oversizedKey(String character) {
        int count = 8192 / character.getBytes(UTF_8).length;
        SluiceException refusal = refusal(Items.GROUP, character.repeat(count + 1));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refusal).hasMessageContaining("the limit of this node is 8192 (limits.key)");
        assertThat(refusal.toString()).as("does not repeat the key").hasSizeLessThan(1_000);
        // The longest that is allowed is a key like any other: no such row.
        assertThat(scene.client().get(Items.GROUP, character.repeat(count)).found())
                .isFalse();
    }

    private SluiceException refusal(String group, String key) {
        return catchThrowableOfType(SluiceException.class, () -> scene.client().get(group, key));
    }

    @Test
    void nodeWhosePortIsTaken() throws IOException {
        int taken = scene.nodes().getFirst().port();
        assertThat(startFails("node", "port-taken", nodeConfig("port-taken", taken, "rules.yaml")))
                .contains("node: cannot start: Cannot listen on 127.0.0.1:" + taken
                        + " for gRPC: stop what uses the port, or set listen.port to another one (0 takes a free one)");
    }

    @Test
    void syncServiceWhosePortIsTaken() throws IOException {
        String address = scene.cluster().sync().adminAddress().replace("http://", "");
        String config = Files.readString(scene.directory().resolve("sync-1.yaml"))
                .replace("name: sync-1", "name: sync-port-taken")
                .replace("group-id: ", "group-id: other-");
        assertThat(startFails("sync", "sync-port-taken", config))
                .contains("sync: cannot start: Cannot listen on " + address
                        + " for metrics and health: stop what uses the port, or set another admin port");
    }

    @Test
    void nodeWhoseNameIsTaken() throws IOException {
        assertThat(startFails("node", "name-taken", nodeConfig("node-1", 0, "rules.yaml")))
                .contains("node: cannot start: ")
                .contains("the name node-1 in cluster bad_input is taken");
        assertThat(scene.client().on("node-1").get(Items.GROUP, "1").found()).isTrue();
    }

    @Test
    void unknownConfigurationKey() throws IOException {
        String config = nodeConfig("wrong-key", 0, "rules.yaml").replace("listen:", "lisen:");
        assertThat(startFails("node", "wrong-key", config))
                .contains("node: cannot start: ")
                .contains("wrong-key.yaml:3:1: lisen: unknown key; did you mean 'listen'?");
    }

    @Test
    void unknownColumnInRules() throws IOException {
        assertThat(startWithRulesFails("wrong-column", "WHERE id = :id", "WHERE id = :idd"))
                .contains("node: cannot start: ")
                .contains("groups.item.load: there is no key column ':idd'; did you mean ':id'?");
    }

    @Test
    void unknownGroupInRules() throws IOException {
        assertThat(startWithRulesFails("wrong-group", "group: item", "group: itme"))
                .contains("node: cannot start: ")
                .contains("invalidate[0].keys[0].group: there is no group 'itme'; did you mean 'item'?");
    }

    @Test
    void environmentVariableThatIsNotSet() throws IOException {
        assertThat(startWithRulesFails("not-set", "${SLUICE_DB_PASSWORD}", "${SLUICE_NO_SUCH_VARIABLE}"))
                .contains("the environment variable SLUICE_NO_SUCH_VARIABLE is not set: set it");
    }

    @Test
    void etcdThatIsNotThere() throws IOException {
        String etcd = scene.stack().etcd().endpoint();
        String config = nodeConfig("no-etcd", 0, "rules.yaml").replace(etcd, "http://127.0.0.1:" + ports.next());
        assertThat(startFails("node", "no-etcd", config))
                .contains("node: cannot start: ")
                .contains("etcd");
    }

    private String startWithRulesFails(String name, String right, String wrong) throws IOException {
        String rules = Files.readString(scene.directory().resolve("rules.yaml"));
        assertThat(rules).contains(right);
        Files.writeString(scene.directory().resolve(name + "-rules.yaml"), rules.replace(right, wrong));
        return startFails("node", name, nodeConfig(name, 0, name + "-rules.yaml"));
    }

    private String nodeConfig(String name, int port, String rules) {
        return """
                name: %s
                rules: %s
                listen: { port: %d }
                admin: { port: 0 }
                cluster: { name: %s, etcd: ["%s"], lease-ttl: 2s, start-timeout: 5s }
                """.formatted(
                        name, rules, port, scene.name(), scene.stack().etcd().endpoint());
    }

    /** What it prints when it cannot start; its exit status must be 2. */
    private String startFails(String kind, String name, String config) throws IOException {
        Path file = Files.writeString(scene.directory().resolve(name + ".yaml"), config);
        try (SluiceProcess process = new SluiceProcess(name, kind, file, 0, 0, LocalCluster.ENVIRONMENT)) {
            process.launch();
            int status = process.awaitEnd(ENDS_WITHIN);
            String printed = Files.readString(process.logFile());
            assertThat(status).as(printed).isEqualTo(2);
            assertThat(printed).as("no stack trace").doesNotContain("\tat ");
            return printed;
        }
    }
}
