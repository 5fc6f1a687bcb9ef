package io.sluice.node.read;

import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.fake.Cluster;
import io.sluice.proto.v1.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is asked for a key of others, for how long, and who is not. */
final class ForwardsTest {
    private static final Topology FOUR = Cluster.of(2, 3, SELF, "ann", "bob", "eve");

    private final PathUnderTest node = new PathUnderTest(FOUR);
    private final String foreign = keyHeldBy(FOUR, GROUP, "ann", "bob", "eve");
    private final String replicated = keyHeldBy(FOUR, GROUP, "ann", SELF, "bob");

    @Test
    void oneBudgetIsSharedByAllWhoMayHaveToBeAsked() {
        node.peers.answer("eve", read -> Answer.getDefaultInstance());
        Read read = read(foreign, Deadline.after(8, TimeUnit.SECONDS));

        node.path.read(read);

        assertThat(node.peers.asked()).containsExactly("ann", "bob", "eve");
        // The fakes answer at once, so each share is of all of it: a quarter, a third, a half.
        assertThat(node.peers.timeouts())
                .satisfiesExactly(
                        first -> assertThat(first).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(2)),
                        second -> assertThat(second).isBetween(Duration.ofMillis(2_500), Duration.ofMillis(2_667)),
                        third -> assertThat(third).isBetween(Duration.ofMillis(3_800), Duration.ofSeconds(4)));
    }

    @Test
    void replicaWhoseTurnItIsAsksNobodyAfterItself() {
        node.path.read(read(replicated, Deadline.after(8, TimeUnit.SECONDS)));

        assertThat(node.peers.asked()).containsExactly("ann");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @Test
    void whoWasSilentBeforeIsNotAskedAgain() {
        node.peers.answer("bob", read -> Answer.getDefaultInstance());
        Member ann = FOUR.holders(node.group.storeKey(foreign).hash()).getFirst();

        node.path.read(read(foreign, Deadline.after(8, TimeUnit.SECONDS)), Set.of(ann));

        assertThat(node.peers.asked()).containsExactly("bob");
    }

    @Test
    void forwardedReadIsForwardedToNobodyEvenWhenTheRingsDisagree() {
        Read forwarded = new Read(
                node.group,
                foreign,
                node.group.storeKey(foreign),
                SourcePosition.UNKNOWN,
                Deadline.after(8, TimeUnit.SECONDS),
                true);
        node.source.commit(foreign, "Zoe");

        assertThat(node.get(forwarded).getValue().toStringUtf8()).isEqualTo("Zoe");
        assertThat(node.peers.asked()).isEmpty();
        assertThat(node.store.stats().entries()).as("read through").isZero();
    }

    @Test
    void decisionsOfANodeAreFinalWhateverTheyAre() {
        for (Status.Code code : List.of(Status.Code.NOT_FOUND, Status.Code.UNAVAILABLE, Status.Code.INTERNAL)) {
            node.peers.answer("ann", read -> {
                throw Failures.relayed(code.toStatus().withDescription("decided"));
            });

            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> node.path.read(read(foreign, Deadline.after(8, TimeUnit.SECONDS))))
                    .satisfies(
                            failure -> assertThat(failure.getStatus().getCode()).isEqualTo(code));
        }
        assertThat(node.peers.asked()).containsOnly("ann");
        assertThat(node.source.loads()).isZero();
    }

    @Test
    void copyOfAHotKeyAnswersOwnCallersOnlyAndIsToldOfEveryAnswer() {
        List<String> told = new ArrayList<>();
        Answer copy = Answer.newBuilder().setFound(true).build();
        node.hotCopies = new HotCopies() {
            @Override
            public @Nullable Answer find(Read read) {
                return told.isEmpty() ? null : copy;
            }

            @Override
            public void forwarded(Read read, Answer answer) {
                told.add(read.key());
            }
        };
        node.peers.answer("ann", read -> Answer.getDefaultInstance());
        node.get(node.read(foreign));
        assertThat(told).containsExactly(foreign);

        assertThat(node.get(node.read(foreign))).isSameAs(copy);
        assertThat(node.peers.asked()).hasSize(1);

        node.get(node.read(foreign, SourcePosition.UNKNOWN, true));
        assertThat(node.source.loads()).as("another node needs the truth").isEqualTo(1);
        node.holdings.countedOn(false);
        node.get(node.read(foreign));
        assertThat(node.peers.asked())
                .as("nor is memory trusted without a lease")
                .hasSize(2);
    }

    @Test
    void whoOnlyLooksAtACopyOfAHotKeyDoesNotUseIt() {
        Answer copy = Answer.newBuilder().setFound(true).build();
        node.hotCopies = new HotCopies() {
            @Override
            public Answer find(Read read) {
                throw new AssertionError("a use of the copy");
            }

            @Override
            public Answer look(Read read) {
                return copy;
            }

            @Override
            public void forwarded(Read read, Answer answer) {}
        };
        assertThat(node.path.look(node.read(foreign))).isSameAs(copy);
    }

    private Read read(String key, Deadline deadline) {
        return new Read(node.group, key, node.group.storeKey(key), SourcePosition.UNKNOWN, deadline, false);
    }
}
