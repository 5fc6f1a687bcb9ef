package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.ServedFrom;
import io.sluice.devstack.CanalServer;
import io.sluice.devstack.Devstack;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What the change stream does not tell, on a stack of its own, whose history is damaged. */
@Order(3)
final class LostPositionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SOME = 200;

    private static Devstack stack;
    private static Scene scene;
    private static Items items;

    @BeforeAll
    static void start() {
        stack = Devstack.start();
        scene = Items.scene(stack, "lost", 2);
        items = new Items(scene);
    }

    @AfterAll
    static void stop() {
        try {
            scene.close();
        } finally {
            stack.close();
        }
    }

    @BeforeEach
    void readAll() {
        items.readAll();
    }

    @Test
    void aTopicTruncatedWhileTheServiceWasDown() throws Exception {
        SluiceProcess sync = scene.cluster().sync();
        sync.kill();
        write();
        awaitCanal();
        truncate();
        sync.launch();
        sync.awaitReady();

        await().atMost(PATIENCE).until(() -> lost("out_of_range") > 0);
        items.awaitEveryNodeEqualsSource();
    }

    /** As after a failover while nothing that had seen the old server was left. */
    @Test
    void aSourceThatIsOnAnotherServerWhenTheServiceComesBack() throws Exception {
        items.awaitEveryNodeEqualsSource();
        String server;
        try (Connection connection = scene.connect();
                Statement run = connection.createStatement()) {
            server = PrimeProduct.text(run, "SELECT @@server_uuid");
        }
        await().atMost(PATIENCE).until(() -> committed().stream().allMatch(text -> text.endsWith(" app=" + server)));
        SluiceProcess sync = scene.cluster().sync();
        sync.close();
        stack.mysql().stop();
        Files.delete(stack.directory().resolve("data").resolve("mysql").resolve("auto.cnf"));
        stack.mysql().restart();
        sync.launch();
        sync.awaitReady();

        await().atMost(PATIENCE).until(() -> lost("server_changed") > 0);
        await().atMost(PATIENCE).until(() -> committed().stream().noneMatch(text -> text.contains(server)));
        write();
        items.awaitEveryNodeEqualsSource();
    }

    /** What the committed offsets say beside their numbers. */
    private static List<String> committed() throws Exception {
        return scene.committed().values().stream()
                .map(OffsetAndMetadata::metadata)
                .toList();
    }

    private static void truncate() throws Exception {
        CanalServer canal = stack.canal();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, canal.partitions())
                    .boxed()
                    .collect(Collectors.toMap(
                            number -> new TopicPartition(canal.topic(), number), number -> OffsetSpec.latest()));
            Map<TopicPartition, RecordsToDelete> all = admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            end -> RecordsToDelete.beforeOffset(end.getValue().offset())));
            admin.deleteRecords(all).all().get();
        }
    }

    /** What nodes hold and demand is of a history that the primary has left, and whose numbers it gives away again. */
    @Test
    void aPrimaryThatWasReset() throws Exception {
        write();
        items.awaitEveryNodeEqualsSource();
        items.readAll();
        double before = lost("shrunk");
        CanalServer canal = stack.canal();
        canal.stop();
        scene.sql("RESET MASTER");
        scene.sql("UPDATE items SET version = version + 100 WHERE id = 5");
        // As an operator would: Canal has no position in the new history.
        delete(canalData());
        beginAt(stack.mysql().executedGtids());
        canal.restart();

        await().atMost(PATIENCE).until(() -> lost("shrunk") > before);
        scene.cluster().awaitKeeping(scene.client(), Items.GROUP, "1");
        items.awaitEveryNodeEqualsSource();
        write();
        items.awaitEveryNodeEqualsSource();
        awaitEverythingKept();
    }

    private static void beginAt(String gtid) throws IOException {
        Path file = stack.directory().resolve("canal.properties");
        Properties settings = new Properties();
        settings.load(new StringReader(Files.readString(file)));
        settings.setProperty("canal.instance.master.gtid", gtid);
        settings.setProperty("canal.instance.master.timestamp", Long.toString(System.currentTimeMillis()));
        StringWriter text = new StringWriter();
        settings.store(text, null);
        Files.writeString(file, text.toString());
    }

    @Test
    void aCanalThatBeginsAtAnOlderPositionTakesNothingAway() throws Exception {
        items.awaitEveryNodeEqualsSource();
        CanalServer canal = stack.canal();
        canal.stop();
        Path older = stack.directory().resolve("data").resolve("older");
        copy(canalData(), older);
        canal.restart();
        write();
        // All at one position, at the end: Removes of several records are told at the last one's, and what was loaded
        // before that would go.
        scene.sql("UPDATE items SET version = version + 1");
        items.awaitEveryNodeEqualsSource();
        awaitEverythingKept();
        double losses = lost("");
        double covered = Metrics.sum(scene.cluster().sync(), "sluice_sync_removals_covered_total");
        canal.stop();
        delete(canalData());
        copy(older, canalData());

        canal.restart();

        await().atMost(PATIENCE)
                .until(() -> Metrics.sum(scene.cluster().sync(), "sluice_sync_removals_covered_total")
                        >= covered + Items.COUNT / 2.0);
        assertThat(notInMemory()).isEmpty();
        assertThat(lost("")).isEqualTo(losses);
        items.assertEveryNodeEqualsSource();
    }

    /** Its rows are told when it is prepared, and are not to be seen before it is committed. */
    @Test
    void anXaTransaction() throws Exception {
        items.awaitEveryNodeEqualsSource();
        double before = lost("xa_commit");
        try (Connection connection = scene.connect();
                Statement run = connection.createStatement()) {
            run.execute("XA START 'lost'");
            run.execute("UPDATE items SET version = version + 1000 WHERE id <= 20");
            run.execute("XA END 'lost'");
            run.execute("XA PREPARE 'lost'");
        }
        // What was told by then is dealt with when a later change is.
        scene.sql("UPDATE items SET version = version + 1 WHERE id = 100");
        awaitCanal();
        items.awaitEveryNodeEqualsSource();
        awaitEverythingKept();

        scene.sql("XA COMMIT 'lost'");

        // First, since a clearing for what another test lost may make every node equal before this one is noticed.
        await().atMost(PATIENCE).until(() -> lost("xa_commit") > before);
        items.awaitEveryNodeEqualsSource();
    }

    private static void write() {
        try (Traffic traffic = Traffic.start(scene)) {
            traffic.awaitWrites(SOME);
        }
    }

    /** Returns when Canal has told all that was written before. */
    private static void awaitCanal() throws SQLException {
        stack.canal().restart();
    }

    private static void awaitEverythingKept() {
        await().atMost(PATIENCE).until(() -> notInMemory().isEmpty());
    }

    private static List<Integer> notInMemory() {
        return IntStream.rangeClosed(1, Items.COUNT)
                .filter(id ->
                        scene.client().get(Items.GROUP, Integer.toString(id)).servedFrom() != ServedFrom.MEMORY)
                .boxed()
                .toList();
    }

    private static double lost(String reason) {
        return Metrics.sum(
                scene.cluster().sync(),
                "sluice_sync_lost_positions_total",
                reason.isEmpty() ? "" : "reason=\"" + reason + "\"");
    }

    private static Path canalData() {
        return stack.directory().resolve("data").resolve("canal");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
