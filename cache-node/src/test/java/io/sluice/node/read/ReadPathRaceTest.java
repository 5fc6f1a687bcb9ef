package io.sluice.node.read;

import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.THREE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.proto.v1.Answer;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The orderings that the protocol is there for, each with a load that is held where it matters. */
@Timeout(30)
final class ReadPathRaceTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final PathUnderTest node = new PathUnderTest(ALONE);
    private final Gate gate = new Gate();

    @AfterEach
    void end() {
        gate.open();
        callers.close();
    }

    @Test
    void oneLoadForHundredReadersOfAColdKey() throws Exception {
        node.source.commit("1", "one");
        node.source.beforePosition(gate);
        List<Future<String>> readers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readers.add(Parked.caller(() -> node.value("1")));
        }
        gate.open();

        for (Future<String> reader : readers) {
            assertThat(reader.get()).isEqualTo("one");
        }
        assertThat(node.source.loads()).isEqualTo(1);
    }

    /** 1: reads the old row. The row changes; Remove: done. 1: offers the old row to the store. */
    @Test
    void lateFillIsNotKept() throws Exception {
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        node.remove("1", node.source.commit("1", "new"));
        gate.open();

        assertThat(first.get()).as("a concurrent read may have either").isEqualTo("old");
        assertThat(node.kept("1")).isNull();
        assertThat(node.value("1")).isEqualTo("new");
        assertThat(node.kept("1")).isEqualTo("new");
        assertThat(node.offered).isEmpty();
    }

    /** The same without positions: the load began before the Remove arrived. */
    @Test
    void lateFillWithoutPositionsIsNotKept() throws Exception {
        node.source.withoutPositions();
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        node.source.commit("1", "new");
        node.remove("1", SourcePosition.UNKNOWN);
        gate.open();

        first.get();
        assertThat(node.kept("1")).isNull();
        assertThat(node.value("1")).isEqualTo("new");
    }

    /** 1: reads the old row. The row changes; Remove: done. 2: asks, and must not join the load of 1. */
    @Test
    void laterReaderDoesNotJoinTheFlightThatTheRemoveMadeOld() throws Exception {
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        node.remove("1", node.source.commit("1", "new"));
        Future<String> second = Parked.caller(() -> node.value("1"));
        gate.open();

        assertThat(second.get()).isEqualTo("new");
        assertThat(first.get()).isEqualTo("old");
        assertThat(node.source.loads()).isEqualTo(2);
    }

    /** The same with a Remove of the whole group. */
    @Test
    void laterReaderDoesNotJoinTheFlightThatAGroupRemoveMadeOld() throws Exception {
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        node.group.store().removeAll(node.source.commit("1", "new"));
        Future<String> second = Parked.caller(() -> node.value("1"));
        gate.open();

        assertThat(second.get()).isEqualTo("new");
        assertThat(first.get()).isEqualTo("old");
        assertThat(node.kept("1")).isEqualTo("new");
    }

    /** A flight that has read no position yet reads the row later than anyone who joins it asks. */
    @Test
    void readerJoinsAFlightThatHasNotReadItsPosition() throws Exception {
        node.source.commit("1", "old");
        node.source.beforePosition(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        node.remove("1", node.source.commit("1", "new"));
        Future<String> second = Parked.caller(() -> node.value("1"));
        gate.open();

        assertThat(first.get()).isEqualTo("new");
        assertThat(second.get()).isEqualTo("new");
    }

    /** Elsewhere the fence hears of no Removes, so no flight that has read its position is joined. */
    @Test
    void nonHolderJoinsNoFlightThatHasReadItsPosition() throws Exception {
        PathUnderTest three = new PathUnderTest(THREE);
        String foreign = keyHeldBy(THREE, GROUP, "ann", "bob");
        three.source.commit(foreign, "old");
        three.source.afterRow(gate);
        Future<String> first = callers.submit(() -> three.value(foreign));
        gate.awaitReached();
        three.source.commit(foreign, "new");
        Future<String> second = Parked.caller(() -> three.value(foreign));
        gate.open();

        assertThat(second.get()).isEqualTo("new");
        assertThat(first.get()).isEqualTo("old");
    }

    /** 1: has read W. 2: asks for its own commit, which W does not cover. */
    @Test
    void readerWithMinPositionDoesNotJoinAnOlderFlight() throws Exception {
        node.source.commit("1", "old");
        node.source.afterRow(gate);
        Future<String> first = callers.submit(() -> node.value("1"));
        gate.awaitReached();
        SourcePosition own = node.source.commit("1", "new");
        Future<Answer> second = Parked.caller(() -> node.get(node.read("1", own, false)));
        gate.open();

        assertThat(second.get().getValue().toString(UTF_8)).isEqualTo("new");
        assertThat(first.get()).isEqualTo("old");
    }

    /** 1: has asked for the position, and W is on its way. 2: asks for a commit after W, and joins. W arrives. */
    @Test
    void readerWhoJoinedWhatTurnsOutTooOldTakesTheNextFlight() throws Exception {
        PathUnderTest late = new PathUnderTest(ALONE);
        late.source.commit("1", "old");
        late.source.beforePosition(gate);
        Future<String> first = callers.submit(() -> late.value("1"));
        gate.awaitReached();
        // The position will not have been reached by the first load, but will by the second.
        SourcePosition own = FakeSource.at(3);
        Future<Answer> second = Parked.caller(() -> late.get(late.read("1", own, false)));
        late.source.afterRow(key -> late.source.commit("1", "new"));
        gate.open();

        assertThat(first.get()).isEqualTo("old");
        assertThat(second.get().getValue().toString(UTF_8)).isEqualTo("new");
    }

    /** 1: has the old entry in hand. Its Remove is done, and everything up to there is applied. 1: answers. */
    @Test
    void entryThatIsRemovedWhileItIsReadIsNotSaidToReflectTheRemove() throws Exception {
        SourcePosition old = node.source.commit("1", "old");
        node.get(node.read("1"));
        node.store.afterGet(gate);
        Future<Answer> reader = callers.submit(() -> node.get(node.read("1")));
        gate.awaitReached();
        SourcePosition removed = node.source.commit("1", "new");
        node.remove("1", removed);
        node.apply(removed);
        gate.open();

        assertThat(reader.get().getValue().toString(UTF_8)).isEqualTo("old");
        assertThat(reader.get().getInfo().getStamp().getGtidSet()).isEqualTo(old.toString());
    }

    /** Owner: loads the old row, sends a copy. The row changes; replica: gets the Remove, then the copy. */
    @Test
    void copyThatComesAfterTheRemoveIsRefused() {
        CacheEntry copy = CacheEntry.found("old".getBytes(UTF_8), FakeSource.at(1), 0, Long.MAX_VALUE);
        node.remove("1", node.source.commit("1", "new"));

        assertThat(node.group.store().put(node.group.storeKey("1"), copy)).isEqualTo(PutResult.REFUSED);
        assertThat(node.value("1")).isEqualTo("new");
    }

    /** 1: misses. Another flight lands and fills memory. 1: leads a flight, and finds what is there. */
    @Test
    void flightThatLandedInBetweenIsUsed() {
        node.source.commit("1", "one");
        Read read = node.read("1");
        assertThat(node.path.fromMemory(read)).isNull();
        node.value("1");

        assertThat(node.path.read(read).getValue().toString(UTF_8)).isEqualTo("one");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    /** 1: leads a flight and finds the old entry. Remove: done. 2: misses, and joins the flight of 1. */
    @Test
    void whoJoinsAFlightThatEndsInMemoryLooksForItself() throws Exception {
        node.source.commit("1", "old");
        Read missed = node.read("1");
        assertThat(node.path.fromMemory(missed)).isNull();
        node.value("1");
        node.store.afterGet(gate);
        Future<Answer> first = callers.submit(() -> node.path.read(missed));
        gate.awaitReached();
        node.remove("1", node.source.commit("1", "new"));
        Future<String> second = Parked.caller(() -> node.value("1"));
        gate.open();

        assertThat(second.get()).isEqualTo("new");
        assertThat(first.get().getFound()).isTrue();
    }

    /** Every thread multiplies the row by its own prime, removes the key and must then read a multiple of it. */
    @Test
    void everyWriterReadsItsOwnPrimeAfterItsRemove() throws Exception {
        List<BigInteger> primes = List.of(
                BigInteger.TWO,
                BigInteger.valueOf(3),
                BigInteger.valueOf(5),
                BigInteger.valueOf(7),
                BigInteger.valueOf(11),
                BigInteger.valueOf(13));
        node.source.commit("1", "1");
        Object row = new Object();
        BigInteger[] product = {BigInteger.ONE};
        List<Future<?>> writers = new ArrayList<>();
        for (BigInteger prime : primes) {
            writers.add(callers.submit(() -> {
                BigInteger mine = BigInteger.ONE;
                for (int i = 0; i < 60; i++) {
                    mine = mine.multiply(prime);
                    SourcePosition position;
                    synchronized (row) {
                        product[0] = product[0].multiply(prime);
                        position = node.source.commit("1", product[0].toString());
                    }
                    node.remove("1", position);
                    assertThat(new BigInteger(node.value("1")).mod(mine)).isEqualTo(BigInteger.ZERO);
                }
                return null;
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        assertThat(node.value("1")).isEqualTo(product[0].toString());
    }
}
