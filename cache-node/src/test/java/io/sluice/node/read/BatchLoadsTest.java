package io.sluice.node.read;

import static io.sluice.node.fake.Cluster.keysHeldBy;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.THREE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.proto.v1.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several keys loaded at once, and what else goes on with them meanwhile. */
@Timeout(30)
final class BatchLoadsTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final PathUnderTest node = new PathUnderTest(ALONE);
    private final Gate gate = new Gate();

    @BeforeEach
    void fill() {
        node.source.loadsTogether(10);
        Stream.of("1", "2", "3").forEach(key -> node.source.commit(key, "v" + key));
    }

    @AfterEach
    void end() {
        gate.open();
        callers.close();
    }

    @Test
    void keysAreLoadedAtOnceAndEachIsKept() {
        assertThat(values(together(node, "1", "2", "4"), "1", "2", "4")).containsExactly("v1", "v2", "-");
        assertThat(node.source.batchLoads()).isEqualTo(1);
        assertThat(node.source.loads()).isZero();
        assertThat(node.events()).containsExactly("loaded 3");
        assertThat(node.kept("1")).isEqualTo("v1");
        assertThat(node.path.fromMemory(node.read("4"))).as("a negative entry").isNotNull();
    }

    @Test
    void ownersCopiesGoToTheReplicas() {
        PathUnderTest three = new PathUnderTest(THREE);
        three.source.loadsTogether(10);
        List<String> own = keysHeldBy(THREE, GROUP, 2, "self", "ann");
        own.forEach(key -> three.source.commit(key, "v"));

        together(three, own.toArray(String[]::new));

        assertThat(three.offered).extracting(PathUnderTest.Offered::key).containsExactlyElementsOf(own);
    }

    /** 1: batch reads the old rows. One changes; Remove: done. 1: offers both to the store. */
    @Test
    void lateFillOfOneKeyIsNotKeptAndTheOthersAre() throws Exception {
        node.source.afterRow(gate);
        Future<List<String>> batch = callers.submit(() -> values(together(node, "1", "2"), "1", "2"));
        gate.awaitReached();
        node.remove("1", node.source.commit("1", "new"));
        gate.open();

        assertThat(batch.get()).as("a concurrent read may have either").containsExactly("v1", "v2");
        assertThat(node.kept("1")).isNull();
        assertThat(node.kept("2")).isEqualTo("v2");
        assertThat(node.value("1")).isEqualTo("new");
    }

    /** 1: batch has read its position. One row changes; Remove: done. 2: asks, and must not join. */
    @Test
    void laterReaderDoesNotJoinTheBatchThatARemoveMadeOld() throws Exception {
        node.source.afterRow(gate);
        Future<List<String>> batch = callers.submit(() -> values(together(node, "1", "2"), "1", "2"));
        gate.awaitReached();
        node.remove("1", node.source.commit("1", "new"));
        Future<String> later = Parked.caller(() -> node.value("1"));
        gate.open();

        assertThat(later.get()).isEqualTo("new");
        assertThat(batch.get()).containsExactly("v1", "v2");
    }

    @Test
    void readersJoinTheFlightsOfABatch() throws Exception {
        node.source.beforePosition(gate);
        Future<List<String>> batch = callers.submit(() -> values(together(node, "1", "2"), "1", "2"));
        gate.awaitReached();
        List<Future<String>> readers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            readers.add(Parked.caller(() -> node.value("2")));
        }
        gate.open();

        for (Future<String> reader : readers) {
            assertThat(reader.get()).isEqualTo("v2");
        }
        assertThat(batch.get()).containsExactly("v1", "v2");
        assertThat(node.source.loads()).isZero();
    }

    @Test
    void aKeyWithAFlightInProgressIsLeftOutAndNotWaitedFor() throws Exception {
        node.source.beforePosition(gate);
        Future<String> single = callers.submit(() -> node.value("1"));
        gate.awaitReached();

        Map<Read, Supplier<Answer>> answers = together(node, "1", "2");

        assertThat(answers.keySet()).extracting(Read::key).containsExactly("2");
        gate.open();
        assertThat(single.get()).isEqualTo("v1");
    }

    /** Each takes a part of the keys and needs the other's. */
    @Test
    void batchesWithKeysInCommonDoNotWaitForEachOther() throws Exception {
        Gate second = new Gate();
        node.source.beforePosition(gate);
        Future<Integer> one = callers.submit(() -> together(node, "1", "2").size());
        gate.awaitReached();
        node.source.beforePosition(second);
        Future<Integer> two = callers.submit(() -> together(node, "2", "3").size());
        second.awaitReached();
        gate.open();
        assertThat(one.get()).isEqualTo(2);
        second.open();
        assertThat(two.get()).as("2 belongs to the other").isEqualTo(1);
        assertThat(node.kept("3")).isEqualTo("v3");
    }

    @Test
    void oneKeysFailureIsItsOwn() {
        node.source.beforeRow(key -> {
            if (key.equals("2")) {
                throw Failures.exhausted("too large");
            }
        });
        Map<Read, Supplier<Answer>> answers = together(node, "1", "2", "3");

        assertThat(values(answers, "1", "3")).containsExactly("v1", "v3");
        assertThatThrownBy(() -> answer(answers, "2"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("too large");
        node.source.goOn();
        assertThat(node.value("2")).as("its flight has ended").isEqualTo("v2");
    }

    @Test
    void whatConcernsAllFailsAllAndEndsTheirFlights() {
        node.source.beforePosition(key -> {
            throw Failures.unavailable("gone");
        });
        Map<Read, Supplier<Answer>> answers = together(node, "1", "2");

        Stream.of("1", "2")
                .forEach(key -> assertThatThrownBy(() -> answer(answers, key)).hasMessageContaining("gone"));
        assertThat(node.events()).containsExactly("failed 2");
        node.source.goOn();
        assertThat(node.value("1")).isEqualTo("v1");
    }

    @Test
    void aSourceThatIsBehindTheRequestIsToldToTheCaller() {
        SourcePosition ahead = FakeSource.at(1_000);
        Read read = node.read("1", ahead, false);
        Supplier<Answer> answer = requireNonNull(node.path
                .readTogether(List.of(read), requireNonNull(node.source.batch()))
                .get(read));

        assertThatThrownBy(answer::get).hasMessageContaining("has not reached min_position");
    }

    @Test
    void keysThatNoTemplateFitsAreLeftOut() {
        assertThat(together(node, "a/b", "1")).hasSize(1);
    }

    private static Map<Read, Supplier<Answer>> together(PathUnderTest of, String... keys) {
        List<Read> reads = Stream.of(keys).map(of::read).toList();
        return of.path.readTogether(reads, requireNonNull(of.source.batch()));
    }

    private static List<String> values(Map<Read, Supplier<Answer>> answers, String... keys) {
        return Stream.of(keys)
                .map(key -> answer(answers, key))
                .map(answer -> answer.getFound() ? answer.getValue().toString(UTF_8) : "-")
                .toList();
    }

    private static Answer answer(Map<Read, Supplier<Answer>> answers, String key) {
        return answers.entrySet().stream()
                .filter(entry -> entry.getKey().key().equals(key))
                .findFirst()
                .orElseThrow()
                .getValue()
                .get();
    }
}
