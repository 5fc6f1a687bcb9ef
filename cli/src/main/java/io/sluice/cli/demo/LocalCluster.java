package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.DevstackException;
import io.sluice.devstack.MysqlServer;
import io.sluice.devstack.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

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
    private static final int LEASE_SECONDS = 2;

    private static final Duration KEEPING_WITHIN = Duration.ofSeconds(20);
    private static final long BETWEEN_CHECKS_NANOS = 20_000_000;

    private final Devstack stack;
    private final String name;
    private final List<SluiceProcess> nodes;
    private final SluiceProcess sync;

    private LocalCluster(Devstack stack, String name, List<SluiceProcess> nodes, SluiceProcess sync) {
        this.stack = stack;
        this.name = name;
        this.nodes = List.copyOf(nodes);
        this.sync = sync;
    }

    /**
     * Starts {@code size} nodes and a sync service and waits until all are ready.
     *
     * @param name of the cluster in etcd; several can share one stack
     * @param rules the text of the rules file; the database password is in {@code ${SLUICE_DB_PASSWORD}}
     */
    public static LocalCluster start(Devstack stack, String name, int size, String rules) {
        Path directory = requireNonNull(stack, "stack is null").directory().resolve(name);
        FreePorts ports = new FreePorts();
        List<SluiceProcess> nodes = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("rules.yaml"), rules);
            for (int i = 1; i <= size; i++) {
                String node = "node-" + i;
                int port = ports.next();
                int adminPort = ports.next();
                Path config = directory.resolve(node + ".yaml");
                Files.writeString(config, nodeConfig(stack, name, node, port, adminPort));
                nodes.add(new SluiceProcess(node, "node", config, port, adminPort, ENVIRONMENT));
            }
            int adminPort = ports.next();
            Path config = directory.resolve("sync-1.yaml");
            Files.writeString(config, syncConfig(stack, name, adminPort));
            SluiceProcess sync = new SluiceProcess("sync-1", "sync", config, 0, adminPort, ENVIRONMENT);
            LocalCluster cluster = new LocalCluster(stack, name, nodes, sync);
            cluster.launch();
            return cluster;
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

    private static String nodeConfig(Devstack stack, String cluster, String node, int port, int adminPort) {
        return """
                name: %s
                rules: rules.yaml
                listen: { host: 127.0.0.1, port: %d }
                admin: { host: 127.0.0.1, port: %d }
                %s
                """.formatted(node, port, adminPort, clusterSection(stack, cluster));
    }

    private static String syncConfig(Devstack stack, String cluster, int adminPort) {
        return """
                name: sync-1
                rules: rules.yaml
                admin: { host: 127.0.0.1, port: %d }
                kafka:
                  bootstrap-servers: ["%s"]
                  topics: ["%s"]
                  group-id: sluice-sync-%s
                  dead-letter-topic: sluice-dead-letters-%s
                heartbeat: { username: %s, password: "${SLUICE_SYNC_PASSWORD}" }
                %s
                """.formatted(
                        adminPort,
                        stack.kafka().bootstrapServers(),
                        stack.canal().topic(),
                        cluster,
                        cluster,
                        MysqlServer.SYNC_USERNAME,
                        clusterSection(stack, cluster));
    }

    private static String clusterSection(Devstack stack, String cluster) {
        return "cluster: { name: %s, etcd: [\"%s\"], lease-ttl: %ds }"
                .formatted(cluster, stack.etcd().endpoint(), LEASE_SECONDS);
    }

    /** All nodes, in the order of their names. */
    public List<SluiceProcess> nodes() {
        return nodes;
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
        return SluiceClient.builder()
                .etcd(stack.etcd().endpoint())
                .cluster(name)
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
