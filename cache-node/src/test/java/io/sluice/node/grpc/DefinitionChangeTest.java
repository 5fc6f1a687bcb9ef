package io.sluice.node.grpc;

import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.NodeUnderTest.topology;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cluster.Topology;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Gate;
import io.sluice.node.fake.Parked;
import io.sluice.node.fake.SettableMembership;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.KeyResult;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.ServedFrom;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes, one of which goes by another definition of the group before the other does. */
@Timeout(30)
final class DefinitionChangeTest {
    private static final long NEW = 5;

    private final SettableMembership membership = new SettableMembership(Cluster.of(0));
    private final FakeSource sourceOf1 = new FakeSource(System::nanoTime);
    private final FakeSource sourceOf2 = new FakeSource(System::nanoTime);
    private final NodeUnderTest n1 = new NodeUnderTest("n1", sourceOf1, membership, LIMITS);
    private final NodeUnderTest n2 = new NodeUnderTest("n2", sourceOf2, membership, LIMITS);
    private final Topology both = topology(1, 2, n1, n2);
    private final String key = keyHeldBy(both, GROUP, "n1", "n2");

    @BeforeEach
    void form() {
        membership.set(both);
        sourceOf1.commit(key, "by the old definition");
        sourceOf2.commit(key, "by the new definition");
    }

    @AfterEach
    void end() {
        n1.close();
        n2.close();
    }

    @Test
    void whatTheNodeHeldIsGoneAndIsLoadedByTheNewDefinition() {
        get(n1);
        assertThat(get(n1).getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);

        n1.redefine(NEW);

        assertThat(get(n1).getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_SOURCE);
        assertThat(get(n1).getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
    }

    @Test
    void aLoadThatBeganUnderTheOldDefinitionIsAnsweredAndNotKept() throws Exception {
        Gate gate = new Gate();
        sourceOf1.afterRow(gate);
        Future<Answer> early = Parked.caller(() -> get(n1));
        gate.awaitReached();

        n1.redefine(NEW);
        sourceOf1.commit(key, "by the new definition");
        Answer late = get(n1);
        gate.open();

        assertThat(early.get().getValue().toStringUtf8()).isEqualTo("by the old definition");
        assertThat(late.getValue().toStringUtf8()).as("no flight is shared").isEqualTo("by the new definition");
        Answer kept = get(n1);
        assertThat(kept.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_MEMORY);
        assertThat(kept.getValue().toStringUtf8()).isEqualTo("by the new definition");
    }

    @Test
    void aLoadOfTheOldDefinitionThatEndsLastIsNotKeptEither() throws Exception {
        Gate gate = new Gate();
        sourceOf1.afterRow(gate);
        Future<Answer> early = Parked.caller(() -> get(n1));
        gate.awaitReached();

        n1.redefine(NEW);
        gate.open();

        assertThat(early.get().getValue().toStringUtf8()).isEqualTo("by the old definition");
        assertThat(n1.holds(key)).isFalse();
    }

    @Test
    void copiesOfAnotherDefinitionAreNotKept() {
        n2.redefine(NEW);

        get(n1);

        await().until(() -> n1.copiesSent.get() == 1);
        assertThat(n2.holds(key)).isFalse();
    }

    @Test
    void copiesOfTheSameDefinitionAreKept() {
        n1.redefine(NEW);
        n2.redefine(NEW);

        get(n1);

        await().until(() -> n2.holds(key));
    }

    @Test
    void aNodeIsNotAnsweredByOneOfAnotherDefinitionAndLoadsByItsOwn() {
        get(n1);
        n2.redefine(NEW);

        assertThat(get(n2).getValue().toStringUtf8()).isEqualTo("by the new definition");
        assertThat(getMany(n2))
                .allMatch(result -> result.getAnswer().getValue().toStringUtf8().equals("by the new definition"));
    }

    @Test
    void aPeekTellsTheDefinition() {
        n1.redefine(NEW);
        get(n1);

        var copy = n1.peer()
                .peek(PeekRequest.newBuilder().setGroup(GROUP).setKey(key).build())
                .getCopy();

        assertThat(copy.getDefinition()).isEqualTo(NEW);
    }

    private Answer get(NodeUnderTest node) {
        return node.cache()
                .get(GetRequest.newBuilder().setGroup(GROUP).setKey(key).build())
                .getAnswer();
    }

    private List<KeyResult> getMany(NodeUnderTest node) {
        return node.cache()
                .getMany(GetManyRequest.newBuilder()
                        .setGroup(GROUP)
                        .addKeys(key)
                        .addKeys(key)
                        .build())
                .getResultsList();
    }
}
