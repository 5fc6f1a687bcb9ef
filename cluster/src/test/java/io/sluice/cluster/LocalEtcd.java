package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An etcd process of our own, from the executable that the system property {@code sluice.test.etcd} names. */
final class LocalEtcd implements EtcdUnderTest {
    private final Path executable;
    private final Path data;
    private final int clientPort = freePort();
    private final int peerPort = freePort();
    private Process process;

    LocalEtcd(Path executable, Path data) throws Exception {
        this.executable = executable;
        this.data = data;
        this.process = launch();
        awaitAnswer();
    }

    @Override
    public String endpoint() {
        return "http://127.0.0.1:" + clientPort;
    }

    @Override
    public void kill() throws Exception {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void start() throws Exception {
        process = launch();
        awaitAnswer();
    }

    @Override
    public void compact() throws Exception {
        try (Client client = client()) {
            var kv = client.getKVClient();
            long revision =
                    kv.put(bytes("/elsewhere"), bytes("x")).get().getHeader().getRevision();
            kv.compact(revision).get();
        }
    }

    @Override
    public void revokeLeaseOf(String key) throws Exception {
        try (Client client = client()) {
            long lease =
                    client.getKVClient().get(bytes(key)).get().getKvs().get(0).getLease();
            client.getLeaseClient().revoke(lease).get();
        }
    }

    private Client client() {
        return Client.builder().endpoints(endpoint()).build();
    }

    private void awaitAnswer() throws Exception {
        try (Client client = client()) {
            client.getKVClient().get(bytes("/elsewhere")).get(20, TimeUnit.SECONDS);
        }
    }

    private Process launch() throws IOException {
        String peer = "http://127.0.0.1:" + peerPort;
        return new ProcessBuilder(
                        executable.toString(),
                        "--data-dir=" + data,
                        "--listen-client-urls=" + endpoint(),
                        "--advertise-client-urls=" + endpoint(),
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling("etcd.log").toFile()))
                .start();
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
