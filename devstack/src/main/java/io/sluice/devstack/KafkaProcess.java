package io.sluice.devstack;

import io.sluice.devstack.process.FreePorts;
import io.sluice.devstack.process.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** The broker and its controller in one local JVM, in KRaft mode. Thread-safety: {@link StackPart}. */
final class KafkaProcess extends ServerPart implements KafkaServer {
    private static final int PATIENCE_MILLIS = 5_000;

    private final RunDirectory run;
    private final int port;
    private final int controllerPort;
    private final int saslPort;

    KafkaProcess(RunDirectory run, FreePorts ports, int port) {
        super(Part.KAFKA, run.path(), run.log("kafka"));
        this.run = run;
        this.port = port;
        this.controllerPort = ports.next();
        this.saslPort = ports.next();
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public String saslBootstrapServers() {
        return "127.0.0.1:" + saslPort;
    }

    @Override
    List<Integer> ports() {
        return List.of(port, controllerPort, saslPort);
    }

    @Override
    List<String> command() {
        Path file = run.path().resolve("kafka.properties");
        try {
            Files.writeString(file, settings());
        } catch (IOException e) {
            throw new DevstackException("Cannot write " + file, e);
        }
        return Provisions.javaCommand(
                List.of(
                        "-Xmx384m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"),
                "kafka-broker",
                "io.sluice.devstack.kafka.KafkaLauncher",
                List.of(file.toString()));
    }

    @Override
    void check() throws ExecutionException, InterruptedException, TimeoutException {
        if (FreePorts.isFree(port)) {
            throw new TimeoutException("nothing listens on port " + port + " yet");
        }
        try (Admin admin = KafkaTopics.admin(bootstrapServers(), PATIENCE_MILLIS)) {
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .size();
            if (brokers != 1) {
                throw new TimeoutException("the cluster has " + brokers + " brokers yet");
            }
        }
    }

    /** Everything replicated once, and nothing sized for a real load. */
    private String settings() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d,SASL_PLAINTEXT://127.0.0.1:%4$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_PLAINTEXT://127.0.0.1:%4$d
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
                sasl.enabled.mechanisms=PLAIN
                listener.name.sasl_plaintext.plain.sasl.jaas.config=%5$s required user_%6$s="%7$s";
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                auto.create.topics.enable=false
                num.partitions=1
                default.replication.factor=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                group.coordinator.rebalance.protocols=classic,consumer
                log.cleaner.dedupe.buffer.size=2097152
                # Comes back at once after kill -9: the controller refuses a broker while it holds the old one alive.
                broker.heartbeat.interval.ms=200
                broker.session.timeout.ms=3000
                message.max.bytes=8388608
                """.formatted(
                        port,
                        controllerPort,
                        run.data("kafka"),
                        saslPort,
                        "org.apache.kafka.common.security.plain.PlainLoginModule",
                        SASL_USERNAME,
                        SASL_PASSWORD);
    }
}
