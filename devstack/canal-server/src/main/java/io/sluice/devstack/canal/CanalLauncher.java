package io.sluice.devstack.canal;

import com.alibaba.otter.canal.connector.kafka.producer.CanalKafkaProducer;
import com.alibaba.otter.canal.instance.manager.CanalInstanceWithManager;
import com.alibaba.otter.canal.server.CanalMQStarter;
import com.alibaba.otter.canal.server.embedded.CanalServerWithEmbedded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The main class of the Canal process: one instance, from MySQL's binlog to Kafka. Its arguments are properties files
 * that override the packed settings; environment variables named like a setting override those.
 */
public final class CanalLauncher {
    private CanalLauncher() {}

    /** Starts Canal and returns; its threads keep the process alive until a signal ends it. */
    public static void main(String[] args) throws IOException {
        List<Path> overrides = Stream.of(args).map(Path::of).toList();
        CanalSettings settings = CanalSettings.read(overrides, System.getenv());
        String destination = settings.text("canal.destinations");
        CanalInstanceWithManager instance = CanalInstances.create(destination, settings);

        CanalServerWithEmbedded server = CanalServerWithEmbedded.instance();
        server.setCanalInstanceGenerator(name -> instance);
        server.start();
        server.start(destination);

        CanalKafkaProducer producer = new CanalKafkaProducer();
        producer.init(settings.asProperties());
        new CanalMQStarter(producer).start(destination);
    }
}
