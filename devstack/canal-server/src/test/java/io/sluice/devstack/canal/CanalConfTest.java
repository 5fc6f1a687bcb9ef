package io.sluice.devstack.canal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deployed with Canal's own server, {@code canal-conf/}, is what the devstack's Canal runs on. */
class CanalConfTest {
    /** What only Canal's own server has: it finds its instances, its Spring files and its H2 database by these. */
    private static final Set<String> ONLY_IN_THE_SERVER = Set.of(
            "canal.serverMode",
            "canal.auto.scan",
            "canal.conf.dir",
            "canal.metrics.pull.port",
            "canal.auto.reset.latest.pos.mode",
            "canal.instance.global.mode",
            "canal.instance.global.lazy",
            "canal.instance.global.spring.xml",
            "canal.instance.tsdb.spring.xml",
            "canal.instance.tsdb.dir",
            "canal.instance.tsdb.url",
            "canal.instance.tsdb.dbUsername",
            "canal.instance.tsdb.dbPassword",
            "canal.instance.tsdb.snapshot.interval",
            "canal.instance.tsdb.snapshot.expire");

    /** What Canal's producer takes out of the properties by itself, besides everything that begins with "kafka.". */
    private static final Set<String> READ_BY_THE_PRODUCER =
            Set.of("canal.mq.flatMessage", "canal.mq.canalGetTimeout", "canal.mq.canalBatchSize");

    @TempDir
    private Path directory;

    @Test
    void devstackUsesEverySettingThatIsDeployed() throws IOException {
        CanalSettings settings = CanalSettings.read(List.of(), Map.of("canal.file.data.dir", directory.toString()));

        CanalInstances.create(settings.text("canal.destinations"), settings);

        Set<String> unused = new TreeSet<>(settings.asProperties().stringPropertyNames());
        unused.removeAll(settings.asked());
        unused.removeAll(ONLY_IN_THE_SERVER);
        unused.removeAll(READ_BY_THE_PRODUCER);
        unused.removeIf(key -> key.startsWith("kafka."));
        assertThat(unused).isEmpty();
    }

    @Test
    void whatSluiceRestsOnIsSwitchedOn() throws IOException {
        Properties deployed = CanalSettings.read(List.of(), Map.of()).asProperties();

        assertThat(deployed)
                .containsEntry("canal.serverMode", "kafka")
                .containsEntry("canal.instance.gtidon", "true")
                .containsEntry("canal.instance.tsdb.enable", "true")
                .containsEntry("canal.mq.flatMessage", "true")
                .containsEntry("canal.mq.partitionHash", ".*\\..*:$pk$")
                .containsEntry("canal.auto.scan", "false")
                .containsEntry("canal.auto.reset.latest.pos.mode", "false")
                .containsEntry("kafka.acks", "all");
        assertThat(Integer.parseInt(deployed.getProperty("kafka.retries"))).isPositive();
    }

    @Test
    void laterFilesAndThenTheEnvironmentWin() throws IOException {
        Path file = Files.writeString(
                directory.resolve("own.properties"),
                "canal.mq.topic = from-file\nkafka.bootstrap.servers = from-file\n");

        CanalSettings settings =
                CanalSettings.read(List.of(file), Map.of("kafka.bootstrap.servers", "from-environment"));

        assertThat(settings.text("canal.mq.topic")).isEqualTo("from-file");
        assertThat(settings.asProperties()).containsEntry("kafka.bootstrap.servers", "from-environment");
    }
}
