package io.sluice.node.read;

import static io.sluice.node.fake.Cluster.keysHeldBy;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static io.sluice.node.read.PathUnderTest.THREE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.node.Failures;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.proto.v1.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loads that read another server than the one that is polled: how stale they are, their stamp alone tells. */
@Timeout(30)
final class ReadPathAstrayTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Everything up to now is known, and then nothing is heard for five seconds. */
    private static PathUnderTest silentForFiveSeconds(PathUnderTest node) {
        node.poll();
        node.apply(node.source.position());
        node.later(Duration.ofSeconds(5));
        return node;
    }

    @Test
    void anAnswerIsAsStaleAsItsStampTellsAndNotAsItsLoadIsOld() {
        PathUnderTest node = new PathUnderTest(ALONE);
        node.source.commit("1", "one");
        silentForFiveSeconds(node);
        assertThat(boundMillis(node.get(node.read("1")))).isZero();

        node.source.goesAstray(true);

        assertThat(boundMillis(node.get(node.read("2")))).isEqualTo(5_000);
        assertThatThrownBy(() -> node.get(node.read("3", SECOND))).hasMessageContaining("max_staleness_millis");
    }

    /**
     * 1: goes astray, and has said so. 2: asks for no bound, and joins. 3: does not, so that the load fails is nothing
     * to it.
     */
    @Test
    void aReadWithABoundDoesNotJoin() throws Exception {
        PathUnderTest node = new PathUnderTest(ALONE);
        Gate gate = new Gate();
        AtomicBoolean fails = new AtomicBoolean(true);
        node.source.commit("1", "one");
        node.source.beforeRow(key -> {
            gate.accept(key);
            if (fails.getAndSet(false)) {
                throw Failures.unavailable("that server is gone");
            }
        });
        node.source.goesAstray(true);
        Future<Answer> first = Parked.caller(() -> node.get(node.read("1")));
        gate.awaitReached();
        node.source.goesAstray(false);
        Future<Answer> second = Parked.caller(() -> node.get(node.read("1")));
        Future<Answer> third = Parked.caller(() -> node.get(node.read("1", SECOND)));
        gate.open();

        assertThatThrownBy(first::get).hasMessageContaining("that server is gone");
        assertThatThrownBy(second::get).hasMessageContaining("that server is gone");
        assertThat(third.get().getValue().toString(UTF_8)).isEqualTo("one");
        assertThat(node.source.loads()).isEqualTo(2);
    }

    @Test
    void theEntryHasNoBoundOfItsOwnAndNoCopiesGoOut() {
        PathUnderTest node = silentForFiveSeconds(new PathUnderTest(THREE));
        List<String> keys = keysHeldBy(THREE, GROUP, 2, SELF, "ann");
        node.source.goesAstray(true);

        node.get(node.read(keys.getFirst()));

        assertThat(boundMillis(node.get(node.read(keys.getFirst())))).isEqualTo(5_000);
        assertThat(node.source.loads()).as("it is kept").isEqualTo(1);
        assertThat(node.offered).isEmpty();

        node.source.goesAstray(false);
        node.get(node.read(keys.getLast()));
        assertThat(boundMillis(node.get(node.read(keys.getLast())))).isLessThanOrEqualTo(1);
        assertThat(node.offered).hasSize(1);
    }

    private static long boundMillis(Answer answer) {
        assertThat(answer.getInfo().hasStalenessBoundMillis()).isTrue();
        return answer.getInfo().getStalenessBoundMillis();
    }
}
