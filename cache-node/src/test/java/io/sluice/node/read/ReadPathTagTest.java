package io.sluice.node.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The races of ReadPathRaceTest with Removes by tag: nothing that carries the tag comes in late. */
@Timeout(30)
final class ReadPathTagTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final PathUnderTest node = new PathUnderTest(PathUnderTest.ALONE);
    private final Gate gate = new Gate();

    @AfterEach
    void end() {
        gate.open();
        callers.close();
    }

    /** 1: loads the list, which has no such row. A row is inserted; Remove of its tag: done. 1: offers the old list. */
    @Test
    void lateFillOfAListThatHasNoRowYetIsNotKept() throws Exception {
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("rome"));
        gate.awaitReached();
        node.removeTagOf("rome", node.source.commit("rome", "pizza"));
        gate.open();

        assertThat(first.get()).as("a concurrent read may have either").isEmpty();
        assertThat(node.kept("rome")).isNull();
        assertThat(node.value("rome")).isEqualTo("pizza");
        assertThat(node.kept("rome")).isEqualTo("pizza");
    }

    /** The same without positions: the load began before the Remove arrived. */
    @Test
    void lateFillWithoutPositionsIsNotKept() throws Exception {
        node.source.withoutPositions();
        node.source.commit("rome", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("rome"));
        gate.awaitReached();
        node.source.commit("rome", "new");
        node.removeTagOf("rome", SourcePosition.UNKNOWN);
        gate.open();

        first.get();
        assertThat(node.kept("rome")).isNull();
        assertThat(node.value("rome")).isEqualTo("new");
    }

    /** 1: reads the old row. The row changes; Remove of the tag: done. 2: asks, and must not join the load of 1. */
    @Test
    void laterReaderDoesNotJoinTheFlightThatTheRemoveMadeOld() throws Exception {
        node.source.commit("rome", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("rome"));
        gate.awaitReached();
        node.removeTagOf("rome", node.source.commit("rome", "new"));
        Future<String> second = Parked.caller(() -> node.value("rome"));
        gate.open();

        assertThat(second.get()).isEqualTo("new");
        assertThat(first.get()).isEqualTo("old");
    }

    /** Owner: loads the old row, sends a copy. The row changes; replica: gets the Remove, then the copy. */
    @Test
    void copyThatComesAfterTheRemoveIsRefused() {
        CacheEntry copy = CacheEntry.found("old".getBytes(UTF_8), FakeSource.at(1), 0, Long.MAX_VALUE);
        node.removeTagOf("rome", node.source.commit("rome", "new"));

        assertThat(node.group.store().put(node.group.storeKey("rome"), copy)).isEqualTo(PutResult.REFUSED);
        assertThat(node.group.store().putInherited(node.group.storeKey("rome"), copy))
                .isEqualTo(PutResult.REFUSED);
        assertThat(node.group.store().put(node.group.storeKey("oslo"), copy)).isEqualTo(PutResult.STORED);
    }
}
