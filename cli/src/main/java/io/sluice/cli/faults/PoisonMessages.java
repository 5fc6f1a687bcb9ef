package io.sluice.cli.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** After every hundred changes a message comes that nobody can read, each on another partition. Stateless. */
final class PoisonMessages implements FaultScenario {
    private static final int EVERY = 100;
    private static final String METRIC = "sluice_sync_dead_letters_total";

    @Override
    public String name() {
        return "poison";
    }

    @Override
    public String happen(FaultScene scene, FaultCourse course) throws Exception {
        double before = SyncCounters.sum(scene.sync(), METRIC);
        List<String> poisons = poisons(scene.rows().database());
        long end = System.nanoTime() + course.lasting().toNanos();
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", scene.stack().kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            while (sent < poisons.size() || System.nanoTime() < end) {
                course.load().awaitChanges(EVERY);
                byte[] poison = poisons.get(sent % poisons.size()).getBytes(UTF_8);
                int partition = sent % scene.stack().canal().partitions();
                producer.send(new ProducerRecord<>(scene.stack().canal().topic(), partition, null, poison))
                        .get();
                sent++;
            }
        }
        course.lifted();
        int all = sent;
        Patience.await(all + " dead letters", () -> SyncCounters.sum(scene.sync(), METRIC) - before >= all);
        return sent + " put aside";
    }

    /** An odd number, so that each comes on every partition. */
    private static List<String> poisons(String database) {
        String start = "{\"database\":\"" + database + "\",\"table\":\"items\",\"isDdl\":false,";
        return List.of(
                "",
                "\0\1\2 no text",
                start + "\"type\":\"UPD",
                start + "\"type\":\"INSERT\",\"data\":{\"id\":\"1\"}}",
                start + "\"type\":\"EXPLODE\",\"data\":[{\"id\":\"1\"}]}");
    }
}
