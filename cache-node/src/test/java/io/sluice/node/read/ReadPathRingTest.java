package io.sluice.node.read;

import static io.sluice.cluster.RingState.ACTIVE;
import static io.sluice.cluster.RingState.ANNOUNCED;
import static io.sluice.cluster.RingState.CLOSING;
import static io.sluice.cluster.RingState.DRAINING;
import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.fake.Cluster.ring;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.Gate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads over which the ring changes, or which outlive the node's membership. */
@Timeout(30)
final class ReadPathRingTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final PathUnderTest node = new PathUnderTest(ALONE);
    private final Gate gate = new Gate();

    @AfterEach
    void end() {
        gate.open();
        callers.close();
    }

    /** 1: loads as holder. The ring changes. 1: stores. The key comes back, and must not bring the old value. */
    @Test
    void ringChangeDuringALoadKeepsTheEntryOut() throws Exception {
        Topology shared = Cluster.of(2, 1, SELF, "ann");
        Topology alone = Cluster.of(3, 1, SELF);
        String moved = keyHeldBy(shared, GROUP, "ann");
        PathUnderTest mover = new PathUnderTest(Cluster.of(1, 1, SELF));
        mover.source.commit(moved, "old");
        mover.source.afterRow(gate);
        Future<String> first = callers.submit(() -> mover.value(moved));
        gate.awaitReached();
        mover.change(shared);
        // The Remove of this change goes to ann alone.
        mover.source.commit(moved, "new");
        gate.open();
        first.get();

        mover.change(alone);
        assertThat(mover.kept(moved)).isNull();
        assertThat(mover.value(moved)).isEqualTo("new");
    }

    /** The same when the key is back before the load has landed. */
    @Test
    void keyThatWentAndCameBackDuringALoadIsNotKept() throws Exception {
        Topology shared = Cluster.of(2, 1, SELF, "ann");
        String moved = keyHeldBy(shared, GROUP, "ann");
        PathUnderTest mover = new PathUnderTest(Cluster.of(1, 1, SELF));
        mover.source.commit(moved, "old");
        mover.source.afterRow(gate);
        Future<String> first = callers.submit(() -> mover.value(moved));
        gate.awaitReached();
        mover.change(shared);
        mover.source.commit(moved, "new");
        mover.change(Cluster.of(3, 1, SELF));
        gate.open();
        first.get();

        assertThat(mover.kept(moved)).isNull();
        assertThat(mover.value(moved)).isEqualTo("new");
    }

    /** 1: reads the old row as non-holder. Remove: done on the old holder. The ring makes 1 the holder. 1: lands. */
    @Test
    void loadFromBeforeTheNodeHeldTheKeyIsNotKept() throws Exception {
        Topology shared = Cluster.of(1, 1, SELF, "ann");
        String gained = keyHeldBy(shared, GROUP, "ann");
        PathUnderTest mover = new PathUnderTest(shared);
        mover.source.commit(gained, "old");
        mover.source.afterRow(gate);
        Future<String> first = callers.submit(() -> mover.value(gained));
        gate.awaitReached();
        mover.source.commit(gained, "new");
        mover.change(Cluster.of(2, 1, SELF));
        gate.open();
        first.get();

        assertThat(mover.kept(gained)).isNull();
        assertThat(mover.value(gained)).isEqualTo("new");
    }

    /** 1: loads. The others stop counting on the node, and it drops everything. 1: lands. */
    @Test
    void loadThatLandsAfterTheNodeIsNoMemberIsNotKept() throws Exception {
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        node.holdings.countedOn(false);
        node.group.store().removeAll(SourcePosition.UNKNOWN);
        gate.open();
        first.get();

        node.holdings.countedOn(true);
        assertThat(node.kept("1")).isNull();
        assertThat(node.group.store().stats().entries()).isZero();
    }

    /** 1: may hold the key, and is about to store. The ring closes; what is not held is dropped. 1: stores. */
    @Test
    void storeThatComesAfterTheDropIsRefused() throws Exception {
        Topology alone = Cluster.of(1, 1, ring(1, ACTIVE, SELF));
        Topology closed = Cluster.of(3, 1, ring(1, CLOSING, SELF), ring(2, ACTIVE, "ann"));
        PathUnderTest mover = new PathUnderTest(alone);
        mover.source.commit("1", "old");
        mover.store.beforePut(gate);
        List<Long> held = new CopyOnWriteArrayList<>();
        // At no moment, not even until the next look: the key may be back by then, and the old value answered.
        mover.store.afterPut(key -> held.add(mover.store.stats().entries()));
        Future<String> first = callers.submit(() -> mover.value("1"));
        gate.awaitReached();
        mover.change(closed);
        gate.open();
        first.get();

        assertThat(held).containsExactly(0L);
    }

    /**
     * The boomerang. The key is here; it moves to ann, and this ring closes; the row changes, and its Remove goes to
     * ann alone; the key comes back.
     */
    @Test
    void keyThatMovesAwayAndBackDoesNotBringItsOldValue() {
        PathUnderTest mover = new PathUnderTest(Cluster.of(1, 1, ring(1, ACTIVE, SELF)));
        mover.source.commit("1", "old");
        mover.value("1");

        mover.change(Cluster.of(2, 1, ring(1, DRAINING, SELF), ring(2, ACTIVE, "ann")));
        assertThat(mover.kept("1")).as("while it drains, Removes come").isEqualTo("old");
        mover.change(Cluster.of(3, 1, ring(1, CLOSING, SELF), ring(2, ACTIVE, "ann")));
        mover.source.commit("1", "new");
        mover.store.raiseFloor(mover.source.position());
        mover.change(Cluster.of(5, 1, ring(2, DRAINING, "ann"), ring(3, ACTIVE, SELF)));

        assertThat(mover.kept("1")).isNull();
        assertThat(mover.value("1")).isEqualTo("new");
    }

    /** The boomerang with a load in flight: 1: is about to store. Away, changed, back with a floor. 1: stores. */
    @Test
    void storeThatWaitedUntilTheKeyWasBackIsRefusedByTheFloor() throws Exception {
        PathUnderTest mover = new PathUnderTest(Cluster.of(1, 1, ring(1, ACTIVE, SELF)));
        mover.source.commit("1", "old");
        mover.store.beforePut(gate);
        Future<String> first = callers.submit(() -> mover.value("1"));
        gate.awaitReached();
        mover.change(Cluster.of(3, 1, ring(1, CLOSING, SELF), ring(2, ACTIVE, "ann")));
        mover.source.commit("1", "new");
        mover.store.raiseFloor(mover.source.position());
        mover.change(Cluster.of(5, 1, ring(2, DRAINING, "ann"), ring(3, ACTIVE, SELF)));
        gate.open();
        first.get();

        assertThat(mover.kept("1")).isNull();
        assertThat(mover.value("1")).isEqualTo("new");
    }

    /** The unseen join: nobody sends Removes to a ring that is only announced, so nothing is kept under it. */
    @Test
    void nodeOfAnAnnouncedRingKeepsNothing() {
        PathUnderTest joiner = new PathUnderTest(Cluster.of(2, 1, ring(1, ACTIVE, "ann"), ring(2, ANNOUNCED, SELF)));
        joiner.source.commit("1", "one");

        assertThat(joiner.value("1")).isEqualTo("one");
        assertThat(joiner.peers.asked()).as("routed by the active ring").containsExactly("ann");
        assertThat(joiner.store.stats().entries()).isZero();
    }

    /** Whose client goes by an older ring: it answers what it still holds, and forwards what it does not have. */
    @Test
    void holderOfADrainingRingAnswersFromMemoryAndForwardsTheRest() {
        Topology before = Cluster.of(1, 1, ring(1, ACTIVE, SELF));
        PathUnderTest previous = new PathUnderTest(before);
        previous.source.commit("1", "one");
        previous.value("1");
        previous.change(Cluster.of(2, 1, ring(1, DRAINING, SELF), ring(2, ACTIVE, "ann")));

        assertThat(previous.value("1")).isEqualTo("one");
        previous.value("2");
        assertThat(previous.peers.asked()).containsExactly("ann");
        assertThat(previous.peers.peeked()).isEmpty();
    }
}
