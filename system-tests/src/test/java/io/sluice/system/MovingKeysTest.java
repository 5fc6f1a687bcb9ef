package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.devstack.Devstack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Keys move while rows change, and not every node learns of it: no answer is stale, and no read goes round in circles.
 * Node 3 sees etcd through a relay that can make it blind; node 4 comes and goes.
 */
@SystemTest
@Order(10)
class MovingKeysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Short, so that rings close and what moved is dropped. */
    private static final Duration WARM_UP = Duration.ofSeconds(1);

    private static final int SOME_WRITES = 300;

    private final Scene scene;
    private final Items items;
    private final EtcdRelay relay;
    private final EtcdKeys keys;
    private final SluiceProcess blindable;
    private final SluiceProcess guest;

    MovingKeysTest(Devstack stack) throws Exception {
        scene = Items.scene(stack, "moving_keys", 2, plan -> plan.withWarmUp(WARM_UP));
        items = new Items(scene);
        relay = new EtcdRelay(stack.etcd().endpoint());
        keys = new EtcdKeys(stack.etcd(), scene.name());
        blindable = scene.cluster().addNode();
        guest = scene.cluster().addNode();
        Path config = scene.directory().resolve(blindable.name() + ".yaml");
        Files.writeString(config, Files.readString(config).replace(stack.etcd().endpoint(), relay.endpoint()));
        blindable.launch();
        blindable.awaitReady();
    }

    @AfterAll
    void stop() {
        scene.close();
        relay.close();
        keys.close();
    }

    @BeforeEach
    void readAll() {
        awaitOwns(blindable);
        items.readAll();
    }

    @AfterEach
    void guestLeaves() {
        relay.seeAgain();
        guest.close();
        await().atMost(PATIENCE).until(() -> !owns(guest));
    }

    @Test
    void nodesAtDifferentRevisionsAnswerCorrectlyAndNothingLoops() throws Exception {
        relay.blind();
        guestJoins();
        try (Traffic traffic = Traffic.start(scene)) {
            traffic.awaitWrites(SOME_WRITES);
        }
        items.awaitEveryNodeEqualsSource();
        assertThat(revision(blindable)).isLessThan(revision(guest));

        double before = forwards();
        items.assertEveryNodeEqualsSource();
        assertThat(forwards() - before)
                .as("hops of one read of each key on each node")
                .isLessThanOrEqualTo(4 * Items.COUNT);
    }

    @Test
    void historyCompactedWhileANodeIsCutOff() throws Exception {
        guestJoins();
        await().atMost(PATIENCE).until(() -> revision(blindable) == revision(guest));
        relay.blind();
        guest.close();
        await().atMost(PATIENCE).until(() -> !owns(guest));
        keys.compact();
        relay.seeAgain();
        keys.compact();
        await().atMost(PATIENCE)
                .until(() -> revision(blindable) == revision(scene.nodes().getFirst()));
        try (Traffic traffic = Traffic.start(scene)) {
            traffic.awaitWrites(SOME_WRITES);
        }
        items.awaitEveryNodeEqualsSource();
    }

    /** A → B → A, with a change in between: what A kept from its first time must not come back. */
    @Test
    void keysThatReturnDoNotBringTheirOldValues() throws Exception {
        items.awaitEveryNodeEqualsSource();
        guestJoins();
        awaitOneRing();
        scene.sql("UPDATE items SET version = version + 1000");
        items.awaitEveryNodeEqualsSource();
        awaitOneRing();
        guest.close();
        items.assertEveryNodeEqualsSource();
        items.awaitEveryNodeEqualsSource();
    }

    private void guestJoins() {
        guest.launch();
        guest.awaitReady();
        awaitOwns(guest);
    }

    /** Nothing drains or closes any more. */
    private void awaitOneRing() {
        await().atMost(PATIENCE).until(() -> scene.client().topology().rings().size() == 1);
    }

    private void awaitOwns(SluiceProcess node) {
        await().atMost(PATIENCE).until(() -> owns(node));
    }

    private boolean owns(SluiceProcess node) {
        return owned(node).findAny().isPresent();
    }

    /** The keys that a node owns, as the test sees it. */
    private Stream<String> owned(SluiceProcess node) {
        return IntStream.rangeClosed(1, Items.COUNT).mapToObj(Integer::toString).filter(key -> {
            Member owner = scene.client().topology().owner(KeyHash.of(Items.GROUP, key));
            return owner != null && owner.name().equals(node.name());
        });
    }

    /** By which topology a node answers for a key of its own. */
    private long revision(SluiceProcess node) {
        return scene.on(node, Items.GROUP, owned(node).findFirst().orElseThrow())
                .topologyRevision();
    }

    private double forwards() {
        return Metrics.sum(scene.nodes(), "sluice_node_forwards_total");
    }
}
