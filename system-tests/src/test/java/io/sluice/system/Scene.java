package io.sluice.system;

import io.sluice.cli.demo.ClusterPlan;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.SluiceClient;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What one class of tests has for itself on the shared stack: a database, a cluster of processes, and a client of it.
 * Thread-safe.
 */
final class Scene implements AutoCloseable {
    private final Devstack stack;
    private final String name;
    private final LocalCluster cluster;
    private final SluiceClient client;

    private Scene(Devstack stack, String name, LocalCluster cluster) {
        this.stack = stack;
        this.name = name;
        this.cluster = cluster;
        this.client = cluster.client();
    }

    /**
     * Makes the database {@code name} with its tables, and starts the cluster {@code name}.
     *
     * @param rules the rules file after its sources; {@code ${db}} is the database, the source is {@code app}
     */
    static Scene start(Devstack stack, String name, int nodes, String rules, String... statements) {
        return start(stack, name, nodes, plan -> plan, rules, statements);
    }

    /** The same with a cluster of another shape. */
    static Scene start(
            Devstack stack,
            String name,
            int nodes,
            UnaryOperator<ClusterPlan> shape,
            String rules,
            String... statements) {
        try (Connection connection = stack.mysql().rootConnection();
                Statement run = connection.createStatement()) {
            run.execute("CREATE DATABASE " + name);
            run.execute("USE " + name);
            for (String statement : statements) {
                run.execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot make the tables of " + name, e);
        }
        String file = sources(stack, name) + rules.replace("${db}", name);
        ClusterPlan plan =
                shape.apply(ClusterPlan.of(name, nodes, file, stack.canal().topic()));
        return new Scene(stack, name, LocalCluster.start(stack, plan));
    }

    /** The beginning of a rules file, with the source {@code app}. */
    static String sources(Devstack stack, String database) {
        return """
                version: 1
                sources:
                  app: { jdbc-url: "%s", username: %s, password: "${SLUICE_DB_PASSWORD}", coherence: gtid, canal-time-zone: UTC }
                """.formatted(stack.mysql().jdbcUrl(database), MysqlServer.USERNAME);
    }

    /** Runs one statement, committed when this returns. */
    void sql(String statement) {
        try (Connection connection = connect();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("MySQL refused: " + statement, e);
        }
    }

    /** A new connection to the database; the caller closes it. */
    Connection connect() throws SQLException {
        return connect("");
    }

    /** The same with properties after the URL, such as {@code &useServerPrepStmts=true}. */
    Connection connect(String properties) throws SQLException {
        return DriverManager.getConnection(
                stack.mysql().jdbcUrl(name) + properties, MysqlServer.ROOT_USERNAME, MysqlServer.ROOT_PASSWORD);
    }

    /** What the sync service has committed. */
    Map<TopicPartition, OffsetAndMetadata> committed() throws InterruptedException, ExecutionException {
        return committed(stack, name);
    }

    /** The same of a cluster without a scene. */
    static Map<TopicPartition, OffsetAndMetadata> committed(Devstack stack, String cluster)
            throws InterruptedException, ExecutionException {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            return admin.listConsumerGroupOffsets(LocalCluster.syncGroup(cluster))
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    String name() {
        return name;
    }

    Devstack stack() {
        return stack;
    }

    LocalCluster cluster() {
        return cluster;
    }

    SluiceClient client() {
        return client;
    }

    List<SluiceProcess> nodes() {
        return cluster.nodes();
    }

    /** Where the configuration and the logs of the processes are. */
    Path directory() {
        return stack.directory().resolve(name);
    }

    /** What one node answers. */
    Answer on(SluiceProcess node, String group, String key) {
        return client.on(node.name()).get(group, key);
    }

    @Override
    public void close() {
        client.close();
        cluster.close();
    }
}
