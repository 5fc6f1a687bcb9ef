package io.sluice.cli.faults;

import io.sluice.cli.demo.SluiceProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The partitions are dealt out anew every second: a consumer that does nothing joins the group of two sync services and
 * leaves it by turns. What it is given meanwhile waits, and comes to a service again from the committed offset.
 * Stateless.
 */
final class Rebalances implements FaultScenario {
    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String METRIC = "sluice_sync_rebalances_total";

    @Override
    public String name() {
        return "rebalances";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) throws Exception {
        SluiceProcess first = scene.sync();
        double before = SyncCounters.sum(first, METRIC);
        int changes = 0;
        try (SluiceProcess second = scene.cluster().anotherSync("sync-2")) {
            second.launch();
            second.awaitReady();
            long end = System.nanoTime() + course.lasting().multipliedBy(2).toNanos();
            while (System.nanoTime() < end) {
                joinAndLeave(scene);
                changes += 2;
            }
        }
        course.lifted();
        double seen = SyncCounters.sum(first, METRIC) - before;
        if (seen < changes) {
            throw new IllegalStateException(
                    "The group had " + changes + " joins and leaves, and the service saw only " + seen + " changes");
        }
        return changes + " joins and leaves";
    }

    private static void joinAndLeave(FaultScene scene) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                scene.stack().kafka().bootstrapServers(),
                "group.id",
                scene.group(),
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "latest",
                "session.timeout.ms",
                10_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(scene.stack().canal().topic()));
            long joined = System.nanoTime();
            Patience.await("partitions for one more consumer", () -> {
                var _ = consumer.poll(POLL);
                return !consumer.assignment().isEmpty() && System.nanoTime() - joined >= BETWEEN.toNanos();
            });
        }
        Patience.pass(BETWEEN);
    }
}
