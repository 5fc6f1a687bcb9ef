package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.GetResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node as a process of its own, which is told to stop while a load waits for a database that accepts connections and
 * says nothing, for as long as the connect timeout.
 */
@Timeout(90)
final class StopSignalsTest {
    @TempDir
    private Path directory;

    private final ServerSocket database = open();
    private final int port = freePort();
    private final int adminPort = freePort();
    private final List<Process> processes = new ArrayList<>();
    private final ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();

    @AfterEach
    void end() throws IOException {
        channel.shutdownNow();
        processes.forEach(Process::destroyForcibly);
        database.close();
    }

    @Test
    void firstSignalAsksAndTheSecondEnds() {
        List<String> happened = new ArrayList<>();
        StopSignals signals = new StopSignals(() -> happened.add("asked"), status -> happened.add("ended " + status));

        signals.received(15);
        signals.received(2);

        assertThat(happened).containsExactly("asked", "ended 130");
    }

    @Test
    void nodeThatIsToldToStopFinishesWhatIsInFlightAndExitsWithZero() throws Exception {
        Process node = start();
        CompletableFuture<GetResponse> inFlight = get();
        awaitPendingRead();

        node.toHandle().destroy();

        assertThat(inFlight.handle((answer, failure) -> failure).get())
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(failure).hasMessageContaining("Source app did not answer");
                });
        assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
    }

    @Test
    void secondSignalEndsTheNodeAtOnce() throws Exception {
        Process node = start();
        CompletableFuture<GetResponse> inFlight = get();
        awaitPendingRead();
        node.toHandle().destroy();
        // The first signal has been taken in when new connections are refused.
        await().until(() -> !accepts(port));
        assertThat(inFlight).isNotDone();

        node.toHandle().destroy();

        assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isEqualTo(143);
    }

    private CompletableFuture<GetResponse> get() {
        CompletableFuture<GetResponse> answered = new CompletableFuture<>();
        CacheGrpc.newStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .get(GetRequest.newBuilder().setGroup("student").setKey("1").build(), new StreamObserver<>() {
                    @Override
                    public void onNext(GetResponse reply) {
                        answered.complete(reply);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answered.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        return answered;
    }

    private void awaitPendingRead() {
        // A JVM of its own takes its time to start.
        await().atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .until(() -> metrics().contains("sluice_node_pending_reads 1.0"));
    }

    private String metrics() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Process start() throws IOException {
        Files.writeString(directory.resolve("node.yaml"), """
                name: n1
                rules: rules.yaml
                cluster: { members: ["n1=127.0.0.1:1"] }
                listen: { port: %d }
                admin: { port: %d }
                loads: { connect-timeout: 4s }
                """.formatted(port, adminPort));
        Files.writeString(directory.resolve("rules.yaml"), """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://127.0.0.1:%d/app", username: sluice, password: "none", coherence: gtid }
                groups:
                  student: { source: app, key: "{id}", load: "SELECT id, name FROM students WHERE id = :id", ttl: 10m }
                invalidate:
                  - table: app.students
                    keys:
                      - { group: student, key: "{id}" }
                """.formatted(database.getLocalPort()));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        "--config",
                        directory.resolve("node.yaml").toString())
                .inheritIO()
                .start();
        processes.add(process);
        return process;
    }

    /** It was free a moment ago. */
    private static int freePort() {
        try (ServerSocket socket = open()) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
