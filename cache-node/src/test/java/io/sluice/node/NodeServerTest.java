package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.sluice.admin.rules.LiveRules;
import io.sluice.config.ConfigFile;
import io.sluice.proto.Origin;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.GetRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole node with a fixed list of members, and a database that is not there. */
@Timeout(60)
final class NodeServerTest {
    @Test
    void startsIsReadyAndAnswersUnavailableWhileTheDatabaseIsDown() throws Exception {
        try (NodeServer node = NodeServer.start(config("n1", 0, 0), rules(closedPort()))) {
            assertThat(node.isReady()).isTrue();
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", node.port())
                    .usePlaintext()
                    .build();
            try {
                assertThat(HealthGrpc.newBlockingStub(channel)
                                .check(HealthCheckRequest.getDefaultInstance())
                                .getStatus())
                        .isEqualTo(ServingStatus.SERVING);
                StatusRuntimeException failure = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> CacheGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(30, TimeUnit.SECONDS)
                                .get(GetRequest.newBuilder()
                                        .setGroup("student")
                                        .setKey("1")
                                        .build()));

                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(failure)
                        .hasMessageContaining("Source app did not answer a load of group student")
                        .hasMessageContaining("Communications link failure")
                        .hasMessageContaining("SQLState 08S01")
                        .hasMessageContaining("check that the database is up");
                assertThat(Origin.isNode(failure)).isTrue();
            } finally {
                channel.shutdownNow();
            }
            assertThat(http(node, "/readyz")).isEqualTo("200 ready");
            assertThat(http(node, "/healthz")).isEqualTo("200 ok");
            assertThat(http(node, "/metrics"))
                    .contains("sluice_node_load_failures_total{group=\"student\"} 1.0")
                    .contains("sluice_store_entries{group=\"student\",policy=\"w-tinylfu\"} 0.0")
                    .contains("sluice_node_pending_reads 0.0");
        }
    }

    @Test
    void takenPortSaysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> NodeServer.start(config("n1", port, 0), rules(closedPort())))
                    .withMessageContaining("Cannot listen on 127.0.0.1:" + port)
                    .withMessageContaining("set listen.port to another one");
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> NodeServer.start(config("n1", 0, port), rules(closedPort())))
                    .withMessageContaining("Cannot listen on 127.0.0.1:" + port)
                    .withMessageContaining("another admin port");
        }
    }

    @Test
    void nodeThatAListOfMembersDoesNotNameDoesNotStart() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> NodeServer.start(config("n9", 0, 0), rules(closedPort())))
                .withMessageContaining("cluster.members does not list this node, n9");
    }

    @Test
    void badLimitsStopTheStart() {
        NodeConfig config = ConfigFile.parse(
                "node.yaml",
                "{name: n1, rules: r, cluster: {members: [\"n1=127.0.0.1:1\"]}, limits: {pending-reads: 0}}",
                NodeConfig.class,
                Map.of());
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> NodeServer.start(config, rules(closedPort())))
                .withMessageContaining("limits.pending-reads");
    }

    @Test
    void closeLeavesNoThreadBehindAndMayBeRepeated() throws IOException {
        NodeServer node = NodeServer.start(config("n1", 0, 0), rules(closedPort()));
        node.close();
        node.close();

        // Those of the connection pool end on their own, a moment after it has let go of them.
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("admin-http") || name.startsWith("source-app")));
    }

    private static NodeConfig config(String name, int port, int adminPort) {
        return ConfigFile.parse("node.yaml", """
                name: %s
                rules: rules.yaml
                cluster: { members: ["n1=127.0.0.1:1"] }
                listen: { port: %d }
                admin: { port: %d }
                loads: { connect-timeout: 250ms }
                """.formatted(name, port, adminPort), NodeConfig.class, Map.of());
    }

    private static LiveRules rules(int databasePort) {
        return LiveRules.fixed("rules.yaml", """
                version: 1
                sources:
                  app:
                    jdbc-url: "jdbc:mysql://127.0.0.1:%d/app"
                    username: sluice
                    password: "none"
                    coherence: gtid
                groups:
                  student: { source: app, key: "{id}", load: "SELECT id, name FROM students WHERE id = :id", ttl: 10m }
                invalidate:
                  - table: app.students
                    keys:
                      - { group: student, key: "{id}" }
                """.formatted(databasePort), Map.of());
    }

    /** A port that nobody listens on: it was free a moment ago. */
    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String http(NodeServer node, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.adminPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body().strip();
        }
    }
}
