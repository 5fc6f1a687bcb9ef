package io.sluice.devstack;

import io.sluice.devstack.process.FreePorts;
import io.sluice.devstack.process.RunDirectory;
import io.sluice.devstack.provision.Cache;
import io.sluice.devstack.provision.DebianPackages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What to start, and how. Not safe for concurrent use. */
public final class DevstackBuilder {
    /** How many partitions Canal's topic has when nothing else is said. */
    public static final int DEFAULT_PARTITIONS = 4;

    /** The name of Canal's topic when nothing else is said. */
    public static final String DEFAULT_TOPIC = "sluice-binlog";

    private final Set<Part> parts = EnumSet.noneOf(Part.class);
    private final Map<Part, Integer> ports = new EnumMap<>(Part.class);
    private final List<String> mysqlOptions = new ArrayList<>();
    private final Map<String, String> canalSettings = new HashMap<>();
    private Cache cache = Cache.of(System.getenv());
    private String topic = DEFAULT_TOPIC;
    private int partitions = DEFAULT_PARTITIONS;

    DevstackBuilder() {}

    /** Starts only these, and what they need: Canal brings MySQL and Kafka. */
    public DevstackBuilder only(Part... chosen) {
        parts.clear();
        parts.addAll(List.of(chosen));
        if (parts.contains(Part.CANAL)) {
            parts.add(Part.MYSQL);
            parts.add(Part.KAFKA);
        }
        return this;
    }

    /** The port of 127.0.0.1 that MySQL, Kafka or etcd listens on; without this call, a free one. */
    public DevstackBuilder port(Part part, int port) {
        if (part == Part.CANAL) {
            throw new IllegalArgumentException("Canal listens on no port");
        }
        ports.put(part, port);
        return this;
    }

    /** Canal's topic and how many partitions it has. */
    public DevstackBuilder topic(String name, int partitionCount) {
        topic = name;
        partitions = partitionCount;
        return this;
    }

    /** More words for mysqld's command line; they win over devstack's own. */
    public DevstackBuilder mysqlOptions(String... options) {
        mysqlOptions.addAll(List.of(options));
        return this;
    }

    /** One of Canal's settings, in the place of what canal-conf/canal.properties says. */
    public DevstackBuilder canalSetting(String key, String value) {
        canalSettings.put(key, value);
        return this;
    }

    /** Where fetched things are kept, in the place of what the environment says. */
    public DevstackBuilder cache(Cache other) {
        cache = other;
        return this;
    }

    /** Fetches what is not there yet, starts the servers, and returns when each of them answers. */
    public Devstack start() {
        Set<Part> chosen = parts.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(parts);
        RunDirectory run = RunDirectory.create();
        Map<Part, StackPart> started = new ConcurrentHashMap<>();
        try {
            Collection<Part> independent = EnumSet.copyOf(chosen);
            independent.remove(Part.CANAL);
            FreePorts free = new FreePorts();
            InParallel.forEach(independent, part -> startPart(part, run, free, started));
            if (chosen.contains(Part.CANAL)) {
                startPart(Part.CANAL, run, free, started);
            }
            return new Devstack(run, started);
        } catch (RuntimeException e) {
            try {
                new Devstack(run, started).close();
            } catch (RuntimeException other) {
                e.addSuppressed(other);
            }
            throw e;
        }
    }

    private void startPart(Part part, RunDirectory run, FreePorts free, Map<Part, StackPart> started) {
        Provisions provisions = new Provisions(cache);
        switch (part) {
            case MYSQL -> {
                int port = port(part, free);
                begin(MysqlServer.create(provisions, run, port, mysqlOptions), started);
            }
            case ETCD -> begin(new EtcdServer(DebianPackages.in(cache), run, free, port(part, free)), started);
            case KAFKA -> startKafka(run, free, started);
            case CANAL -> {
                MysqlServer mysql = (MysqlServer) required(started.get(Part.MYSQL));
                KafkaServer kafka = (KafkaServer) required(started.get(Part.KAFKA));
                begin(CanalServer.create(mysql, kafka, run, topic, partitions, canalSettings), started);
            }
        }
    }

    private void startKafka(RunDirectory run, FreePorts free, Map<Part, StackPart> started) {
        String source = System.getenv().getOrDefault("SLUICE_KAFKA", "process");
        switch (source) {
            case "process" -> begin(new KafkaProcess(run, free, port(Part.KAFKA, free)), started);
            case "container" -> {
                KafkaContainerPart container = new KafkaContainerPart(run.log("kafka"));
                started.put(Part.KAFKA, container);
                container.start();
            }
            default -> throw new DevstackException("SLUICE_KAFKA must be process or container, not " + source);
        }
    }

    /** Noted before it runs, so that a failed start is cleaned up as well. */
    private static void begin(ServerPart server, Map<Part, StackPart> started) {
        started.put(server.part(), server);
        server.start();
    }

    private int port(Part part, FreePorts free) {
        Integer fixed = ports.get(part);
        return fixed == null ? free.next() : fixed;
    }

    private static StackPart required(@Nullable StackPart part) {
        if (part == null) {
            throw new IllegalStateException("Canal needs MySQL and Kafka");
        }
        return part;
    }
}
