package io.sluice.devstack;

import io.sluice.devstack.process.RunDirectory;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/**
 * Canal, from MySQL's binlog to one Kafka topic, as canal-conf/canal.properties says. It begins at the transactions
 * MySQL had when the stack started, and after a restart where it was: at least once, nothing left out. Thread-safety:
 * {@link StackPart}.
 */
public final class CanalServer extends ServerPart {
    private final MysqlServer mysql;
    private final KafkaServer kafka;
    private final String topic;
    private final int partitions;
    private final Path settings;

    private CanalServer(
            MysqlServer mysql, KafkaServer kafka, RunDirectory run, String topic, int partitions, Path settings) {
        super(Part.CANAL, run.path(), run.log("canal"));
        this.mysql = mysql;
        this.kafka = kafka;
        this.topic = topic;
        this.partitions = partitions;
        this.settings = settings;
    }

    /** Creates the topic and fixes the place to begin; the caller starts the server. */
    static CanalServer create(MysqlServer mysql, KafkaServer kafka, RunDirectory run, String topic, int partitions) {
        kafka.createTopic(topic, partitions);
        Path settings = run.path().resolve("canal.properties");
        Properties own = new Properties();
        own.setProperty("canal.instance.master.address", "127.0.0.1:" + mysql.port());
        own.setProperty("canal.instance.dbUsername", MysqlServer.CANAL_USERNAME);
        own.setProperty("canal.instance.dbPassword", MysqlServer.CANAL_PASSWORD);
        own.setProperty("kafka.bootstrap.servers", kafka.bootstrapServers());
        own.setProperty("canal.mq.topic", topic);
        own.setProperty("canal.mq.partitionsNum", Integer.toString(partitions));
        own.setProperty("canal.file.data.dir", run.data("canal").toString());
        try {
            own.setProperty("canal.instance.master.gtid", CanalMarker.someTransaction(mysql));
            own.setProperty("canal.instance.master.timestamp", Long.toString(System.currentTimeMillis()));
            StringWriter text = new StringWriter();
            own.store(text, null);
            Files.writeString(settings, text.toString());
        } catch (SQLException | IOException e) {
            throw new DevstackException("Cannot prepare Canal: " + e.getMessage(), e);
        }
        return new CanalServer(mysql, kafka, run, topic, partitions, settings);
    }

    /** The topic Canal writes to. */
    public String topic() {
        return topic;
    }

    public int partitions() {
        return partitions;
    }

    @Override
    List<Integer> ports() {
        return List.of();
    }

    @Override
    List<String> command() {
        return Provisions.javaCommand(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.timezone=UTC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"),
                "canal-server",
                "io.sluice.devstack.canal.CanalLauncher",
                List.of(settings.toString()));
    }

    @Override
    void check() throws Exception {
        CanalMarker.awaitOneRow(mysql, kafka, topic, partitions, this::isAlive);
    }
}
