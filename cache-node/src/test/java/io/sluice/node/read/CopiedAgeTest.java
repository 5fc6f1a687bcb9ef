package io.sluice.node.read;

import static io.sluice.cluster.RingState.ACTIVE;
import static io.sluice.cluster.RingState.DRAINING;
import static io.sluice.node.fake.Cluster.keyThatMoves;
import static io.sluice.node.fake.Cluster.ring;
import static io.sluice.node.read.PathUnderTest.ALONE;
import static io.sluice.node.read.PathUnderTest.GROUP;
import static io.sluice.node.read.PathUnderTest.SELF;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.PastMaxStaleness;
import io.sluice.mapping.Staleness;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.Copy;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How stale an entry can be that came to a replica without having been asked for, late. */
@Timeout(30)
final class CopiedAgeTest {
    private static final Duration TRAVEL = Duration.ofSeconds(5);

    private PathUnderTest node = new PathUnderTest(ALONE);

    @Test
    void copyThatCameLateHasNoBoundThatIsSmallerThanItsAge() {
        SourcePosition loaded = node.source.commit("1", "old");
        Copy copy = copyOf("1", "old", loaded);
        // A commit right after the load is acknowledged; the copy is five seconds behind it.
        node.later(TRAVEL);
        receive(copy, loaded);
        assertThat(info("1").hasStalenessBoundMillis()).isFalse();
        assertThat(info("1").getPastMaxStaleness()).isTrue();
        assertThat(info("1").getAgeMillis()).as("what it said").isLessThan(10);

        // What is known of the source counts for it as for all that is held.
        node.poll();
        node.apply(node.source.position());
        node.later(Duration.ofMillis(300));
        assertThat(info("1").getStalenessBoundMillis()).isEqualTo(300);
    }

    @Test
    void copyThatCameLateIsNotTakenForFreshByWhoAsksForIt() {
        SourcePosition loaded = node.source.commit("1", "old");
        Copy copy = copyOf("1", "old", loaded);
        node.source.commit("1", "new");
        node.later(TRAVEL);
        receive(copy, loaded);
        assertThat(node.get(node.read("1", Duration.ofSeconds(4))).getValue().toStringUtf8())
                .isEqualTo("new");
    }

    @Test
    void copyThatCameLateIsLentWithTheBoundOfTheSource() {
        SourcePosition loaded = node.source.commit("1", "old");
        Copy copy = copyOf("1", "old", loaded);
        node.later(TRAVEL);
        receive(copy, loaded);
        assertThat(lent().hasStalenessBoundMillis()).isFalse();
        node.poll();
        node.apply(node.source.position());
        node.later(Duration.ofMillis(300));
        assertThat(lent().getStalenessBoundMillis()).isEqualTo(300);
    }

    private AnswerInfo lent() {
        return requireNonNull(node.path.held(node.read("1"), true), "not held")
                .answer()
                .getInfo();
    }

    /** There is no bound to be past, so it is loaded like what memory does not have. */
    @Test
    void groupThatFailsPastItsMaxStalenessLoadsInsteadOfACopyWithoutABound() {
        node = new PathUnderTest(ALONE, new Staleness(Duration.ofSeconds(10), PastMaxStaleness.FAIL));
        SourcePosition loaded = node.source.commit("1", "old");
        Copy copy = copyOf("1", "old", loaded);
        node.source.commit("1", "new");
        receive(copy, loaded);
        assertThat(node.value("1")).isEqualTo("new");

        node.poll();
        node.apply(node.source.position());
        receive(copyOf("2", "old", node.source.position()), node.source.position());
        node.later(Duration.ofSeconds(11));
        assertThatThrownBy(() -> node.get(node.read("2"))).hasMessageContaining("past-max-staleness is fail");
    }

    @Test
    void whatIsPeekedFromAReplicaStaysMarked() {
        Topology before = Cluster.of(1, 1, "ann");
        Topology joined = Cluster.of(3, 1, ring(1, DRAINING, "ann"), ring(2, ACTIVE, SELF, "ann"));
        node = new PathUnderTest(joined);
        String moved = keyThatMoves(before, List.of("ann"), joined, List.of(SELF), GROUP);
        node.peers.memory(
                "ann",
                read -> copyOf(moved, "copied", FakeSource.at(1)).toBuilder()
                        .setAgeUnsure(true)
                        .build());
        AnswerInfo peeked = node.get(node.read(moved)).getInfo();
        assertThat(peeked.getServedBy()).isEqualTo("ann");
        assertThat(peeked.hasStalenessBoundMillis()).isFalse();
        AnswerInfo kept = info(moved);
        assertThat(kept.hasStalenessBoundMillis()).isFalse();
    }

    private Copy copyOf(String key, String value, SourcePosition stamp) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        long now = node.clock.get();
        CacheEntry entry =
                CacheEntry.found(utf8, stamp, now, now + Duration.ofMinutes(10).toNanos());
        return requireNonNull(CopyMessages.of(node.group, key, entry, stamp, now), "expired");
    }

    /** As the receiver of a stream of copies does. */
    private void receive(Copy copy, SourcePosition stamp) {
        CacheEntry entry = CopyMessages.unasked(copy, node.group, stamp, node.clock.get());
        assertThat(node.group.store().put(node.group.storeKey(copy.getKey()), entry))
                .isEqualTo(PutResult.STORED);
    }

    private AnswerInfo info(String key) {
        return requireNonNull(node.path.fromMemory(node.read(key)), "not in memory")
                .getInfo();
    }
}
