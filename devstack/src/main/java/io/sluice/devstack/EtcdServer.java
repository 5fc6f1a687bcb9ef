package io.sluice.devstack;

import io.sluice.devstack.process.FreePorts;
import io.sluice.devstack.process.RunDirectory;
import io.sluice.devstack.provision.DebianPackages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One etcd member. Thread-safety: {@link StackPart}. */
public final class EtcdServer extends ServerPart {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DebianPackages packages;
    private final Path data;
    private final int port;
    private final int peerPort;

    EtcdServer(DebianPackages packages, RunDirectory run, FreePorts ports, int port) {
        super(Part.ETCD, run.path(), run.log("etcd"));
        this.packages = packages;
        this.data = run.data("etcd");
        this.port = port;
        this.peerPort = ports.next();
    }

    /** The address clients use: {@code http://127.0.0.1:port}. */
    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    @Override
    List<Integer> ports() {
        return List.of(port, peerPort);
    }

    @Override
    List<String> command() {
        String peer = "http://127.0.0.1:" + peerPort;
        return List.of(
                packages.etcd().toString(),
                "--name=devstack",
                "--data-dir=" + data,
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=devstack=" + peer);
    }

    @Override
    void check() throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint() + "/health"))
                    .timeout(PATIENCE)
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (!response.body().contains("\"health\":\"true\"")) {
                throw new IOException("etcd says " + response.body());
            }
        }
    }
}
