package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceClientBuilder;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.DevstackException;
import io.sluice.devstack.MysqlServer;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * A whole Sluice cluster on the servers of a {@link Devstack}: nodes and one sync service, each a process of its own,
 * with configuration files as a user would write them.
 *
 * <p>Thread-safe. Nothing of it outlives {@link #close}, nor this JVM.
 */
public final class LocalCluster implements AutoCloseable {
    /** What the configuration files leave out. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("SLUICE_DB_PASSWORD", MysqlServer.PASSWORD, "SLUICE_SYNC_PASSWORD", MysqlServer.SYNC_PASSWORD);

    /** Short, so that a killed node is forgotten soon. */
    public static final Duration LEASE_TTL = Duration.ofSeconds(2);

    private static final Duration KEEPING_WITHIN = Duration.ofSeconds(20);
    private static final long BETWEEN_CHECKS_NANOS = 20_000_000;

    private final Devstack stack;
    private final ClusterPlan plan;
    private final FreePorts ports = new FreePorts();
    private final List<SluiceProcess> nodes = new CopyOnWriteArrayList<>();
    private final SluiceProcess sync;

    /** Changes how a node reaches others and is reached. */
    @FunctionalInterface
    public interface Wiring {
        /**
         * The configuration that the node gets in the place of the usual one.
         *
         * @param port where the node listens
         * @param config the usual one, YAML
         */
        String apply(int port, String config);
    }

    private LocalCluster(Devstack stack, ClusterPlan plan) {
        this.stack = requireNonNull(stack, "stack is null");
        this.plan = requireNonNull(plan, "plan is null");
        write("rules.yaml", plan.rules());
        for (int i = 1; i <= plan.size(); i++) {
            addNode();
        }
        this.sync = anotherSync("sync-1");
    }

    /**
     * Starts {@code size} nodes and a sync service and waits until all are ready.
     *
     * @param name of the cluster in etcd; several can share one stack
     * @param rules the text of the rules file; the database password is in {@code ${SLUICE_DB_PASSWORD}}
     */
    public static LocalCluster start(Devstack stack, String name, int size, String rules) {
        return start(stack, ClusterPlan.of(name, size, rules, stack.canal().topic()));
    }

    /** Starts what the plan says and waits until all are ready. */
    public static LocalCluster start(Devstack stack, ClusterPlan plan) {
        LocalCluster cluster = prepare(stack, plan);
        cluster.launch();
        return cluster;
    }

    /** Writes the configuration of everything and starts nothing; the caller launches what it wants to run. */
    public static LocalCluster prepare(Devstack stack, ClusterPlan plan) {
        return new LocalCluster(stack, plan);
    }

    /** One more node, configured but not started, under the next name: {@code node-1} and so on. */
    public synchronized SluiceProcess addNode() {
        return addNode((port, config) -> config);
    }

    /** The same for a node that is wired in another way. */
    public synchronized SluiceProcess addNode(Wiring wiring) {
        String node = "node-" + (nodes.size() + 1);
        int port = ports.next();
        int adminPort = ports.next();
        Path config = write(node + ".yaml", wiring.apply(port, nodeConfig(node, port, adminPort)));
        SluiceProcess process =
                new SluiceProcess(node, "node", config, port, adminPort, ENVIRONMENT, plan.jvmOptions(node));
        nodes.add(process);
        return process;
    }

    /** A sync service of this name beside the first, configured but not started; the caller closes it. */
    public SluiceProcess anotherSync(String name) {
        int adminPort = ports.next();
        Path config = write(name + ".yaml", syncConfig(name, adminPort));
        return new SluiceProcess(name, "sync", config, 0, adminPort, ENVIRONMENT, plan.jvmOptions(name));
    }

    /** The consumer group of the sync services of the cluster of this name. */
    public static String syncGroup(String cluster) {
        return "sluice-sync-" + cluster;
    }

    private Path write(String file, String text) {
        Path directory = stack.directory().resolve(plan.name());
        try {
            Files.createDirectories(directory);
            return Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the configuration of the cluster to " + directory, e);
        }
    }

    private void launch() {
        try {
            nodes.forEach(SluiceProcess::launch);
            sync.launch();
            nodes.forEach(SluiceProcess::awaitReady);
            sync.awaitReady();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private String nodeConfig(String node, int port, int adminPort) {
        return """
                name: %s
                rules: rules.yaml
                listen: { host: 127.0.0.1, port: %d }
                admin: { host: 127.0.0.1, port: %d }
                %s
                """.formatted(node, port, adminPort, clusterSection());
    }

    private String syncConfig(String name, int adminPort) {
        return """
                name: %s
                rules: rules.yaml
                listen: { port: 0 }
                admin: { host: 127.0.0.1, port: %d }
                kafka:
                  bootstrap-servers: ["%s"]
                  topics: ["%s"]
                  group-id: %s
                  dead-letter-topic: sluice-dead-letters-%s
                heartbeat: { username: %s, password: "${SLUICE_SYNC_PASSWORD}" }
                %s
                """.formatted(
                        name,
                        adminPort,
                        stack.kafka().bootstrapServers(),
                        plan.topic(),
                        syncGroup(plan.name()),
                        plan.name(),
                        MysqlServer.SYNC_USERNAME,
                        clusterSection());
    }

    private String clusterSection() {
        return "cluster: { name: %s, etcd: [\"%s\"], lease-ttl: %ds, warm-up: %dms }"
                .formatted(
                        plan.name(),
                        stack.etcd().endpoint(),
                        plan.leaseTtl().toSeconds(),
                        plan.warmUp().toMillis());
    }

    /** All nodes, in the order of their names; some may not run. */
    public List<SluiceProcess> nodes() {
        return List.copyOf(nodes);
    }

    /** The node of this name. */
    public SluiceProcess node(String node) {
        return nodes.stream()
                .filter(process -> process.name().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + node));
    }

    public SluiceProcess sync() {
        return sync;
    }

    /** A new client; the caller closes it. */
    public SluiceClient client() {
        return client(builder -> builder);
    }

    /** The same with more settings. */
    public SluiceClient client(UnaryOperator<SluiceClientBuilder> settings) {
        return settings.apply(
                        SluiceClient.builder().etcd(stack.etcd().endpoint()).cluster(plan.name()))
                .build();
    }

    /**
     * Waits until nodes keep what they load. A sync service that starts for the first time has everything forgotten
     * that was loaded before it was there, and for a hold of seconds after that nothing is kept.
     *
     * @param group a group that has the key
     */
    public void awaitKeeping(SluiceClient client, String group, String key) {
        long deadline = System.nanoTime() + KEEPING_WITHIN.toNanos();
        while (client.get(group, key).servedFrom() != ServedFrom.MEMORY) {
            if (System.nanoTime() > deadline) {
                throw new DevstackException("No node keeps what it loads, " + KEEPING_WITHIN.toSeconds()
                        + " s after the start; the logs are in " + stack.directory());
            }
            LockSupport.parkNanos(BETWEEN_CHECKS_NANOS);
        }
    }

    /** Stops the sync service and the nodes. */
    @Override
    public void close() {
        sync.close();
        nodes.forEach(SluiceProcess::close);
    }
}
