package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cli.faults.Patience;
import io.sluice.devstack.StackPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Every fault, dealt in an order that the seed says; each comes once before any comes again. How long each lasts is the
 * seed's too. Used by one thread.
 */
final class Faults {
    private static final Duration LEASE = CoherenceScene.LEASE_TTL;
    /** Nobody needs to notice. */
    private static final Duration BRIEF = LEASE.dividedBy(4);
    /** Everybody has noticed. */
    private static final Duration LONG = LEASE.multipliedBy(3);

    private final CoherenceScene scene;
    private final Random random;
    private final List<Fault> all;
    private final List<Fault> deck = new ArrayList<>();
    private final SluiceProcess joiner;
    private final SluiceProcess secondSync;

    Faults(CoherenceScene scene, long seed) {
        this.scene = requireNonNull(scene, "scene is null");
        this.random = new Random(seed);
        this.joiner = scene.cluster().addNode();
        this.secondSync = scene.cluster().anotherSync("sync-2");
        this.all = List.of(
                new Fault("a node is killed", () -> killed(someNode())),
                new Fault("a node is restarted", () -> restarted(someNode())),
                new Fault("a node stands still for less than its lease", () -> paused(someNode(), BRIEF)),
                new Fault("a node stands still for longer than its lease", () -> paused(someNode(), LONG)),
                new Fault("a node joins and leaves", () -> joinsAndLeaves(joiner)),
                new Fault("the sync service is killed", () -> killed(sync())),
                new Fault("the sync service is restarted", () -> restarted(sync())),
                new Fault("the sync service stands still", () -> paused(sync(), LONG)),
                new Fault("a second sync service joins and leaves", () -> joinsAndLeaves(secondSync)),
                new Fault("etcd is killed", () -> killed(scene.stack().etcd())),
                new Fault("etcd stands still", () -> paused(scene.stack().etcd())),
                new Fault("Kafka is killed", () -> killed(scene.stack().kafka())),
                new Fault("Kafka stands still", () -> paused(scene.stack().kafka())),
                new Fault("Canal is killed", () -> killed(scene.stack().canal())),
                new Fault("Canal stands still", () -> paused(scene.stack().canal())));
    }

    /** The next one. */
    Fault next() {
        if (deck.isEmpty()) {
            deck.addAll(all);
            Collections.shuffle(deck, random);
        }
        return deck.removeLast();
    }

    private SluiceProcess sync() {
        return scene.cluster().sync();
    }

    private SluiceProcess someNode() {
        return scene.cluster().node("node-" + (1 + random.nextInt(CoherenceScene.NODES)));
    }

    /** Half a lease to three: some of that nobody notices. */
    private Duration someTime() {
        return LEASE.dividedBy(2)
                .plusMillis(random.nextLong(LEASE.multipliedBy(5).dividedBy(2).toMillis()));
    }

    private void killed(SluiceProcess process) {
        process.kill();
        Patience.pass(someTime());
        process.launch();
        ready();
    }

    private void restarted(SluiceProcess process) {
        process.close();
        process.launch();
        ready();
    }

    private void paused(SluiceProcess process, Duration time) {
        process.pause();
        try {
            Patience.pass(time);
        } finally {
            process.resume();
        }
        ready();
    }

    private void joinsAndLeaves(SluiceProcess process) {
        process.launch();
        process.awaitReady();
        Patience.pass(someTime());
        process.close();
        ready();
    }

    private void killed(StackPart server) {
        server.kill();
        Patience.pass(someTime());
        server.restart();
        ready();
    }

    private void paused(StackPart server) {
        server.pause();
        try {
            Patience.pass(someTime());
        } finally {
            server.resume();
        }
        ready();
    }

    private void ready() {
        scene.cluster().nodes().stream().filter(node -> node != joiner).forEach(SluiceProcess::awaitReady);
        sync().awaitReady();
    }
}
