package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cli.faults.CuttableProxy;
import io.sluice.client.ReadOptions;
import io.sluice.client.SluiceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One more node of the cluster, which can be cut off: it finds etcd by a proxy, and is found by another one, by the
 * sync service, the other nodes and clients. Its own port, MySQL and the other nodes stay in reach. Used by one thread.
 */
final class CutNode implements AutoCloseable {
    /** The staleness bound within which it answers from memory without a lease. */
    static final Duration UNLEASED_STALENESS = Duration.ofSeconds(5);

    private static final ReadOptions OPTIONS = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(3));

    private final CoherenceScene scene;
    private final List<CuttableProxy> proxies = new ArrayList<>();
    private final SluiceProcess process;
    private final SluiceClient direct;

    private CutNode(CoherenceScene scene) {
        this.scene = requireNonNull(scene, "scene is null");
        this.process = scene.cluster().addNode(this::wire);
        this.direct = CoherenceScene.alone(process);
    }

    /** Starts it, and returns when it is ready. */
    static CutNode start(CoherenceScene scene) {
        CutNode node = new CutNode(scene);
        node.process.launch();
        node.process.awaitReady();
        return node;
    }

    private String wire(int port, String config) {
        CuttableProxy toEtcd = new CuttableProxy(scene.stack().etcd().port());
        CuttableProxy toNode = new CuttableProxy(port);
        proxies.add(toEtcd);
        proxies.add(toNode);
        return config.replace(scene.stack().etcd().endpoint(), toEtcd.endpoint())
                + "advertise: { host: 127.0.0.1, port: " + toNode.port() + " }\nunleased-staleness: "
                + UNLEASED_STALENESS.toSeconds() + "s\n";
    }

    String name() {
        return process.name();
    }

    /** Asks it at its own port. */
    Reader reader() {
        return new NodeReader(scene.client(), name(), direct.on(name()), OPTIONS);
    }

    void cut() {
        proxies.forEach(CuttableProxy::cut);
    }

    void mend() {
        proxies.forEach(CuttableProxy::mend);
    }

    /** Stops it. */
    @Override
    public void close() {
        direct.close();
        process.close();
        proxies.forEach(CuttableProxy::close);
    }
}
