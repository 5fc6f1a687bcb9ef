package io.sluice.node.grpc;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.UNAVAILABLE;
import static io.sluice.node.fake.Cluster.keyHeldBy;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.NodeUnderTest.topology;
import static io.sluice.node.grpc.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.Topology;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.SettableMembership;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.RemoveRequest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Removals at a node that does not know the latest topology, or whose topology names the dead. */
@Timeout(30)
final class ClusterRemovalsTest {
    private final SettableMembership membershipOf1 = new SettableMembership(Cluster.of(0));
    private final SettableMembership membershipOf2 = new SettableMembership(Cluster.of(0));
    private final NodeUnderTest n1 = new NodeUnderTest("n1", new FakeSource(System::nanoTime), membershipOf1, LIMITS);
    private final NodeUnderTest n2 = new NodeUnderTest("n2", new FakeSource(System::nanoTime), membershipOf2, LIMITS);
    private final Topology both = topology(2, 1, n1, n2);
    private final String key = keyHeldBy(both, GROUP, "n2");

    /** n2 has joined and holds the key; n1 has not heard of it. */
    @BeforeEach
    void form() {
        membershipOf1.set(topology(1, 1, n1));
        membershipOf2.set(both);
        n2.source.commit(key, "old");
        n2.cache().get(GetRequest.newBuilder().setGroup(GROUP).setKey(key).build());
        assertThat(n2.holds(key)).isTrue();
    }

    @AfterEach
    void end() {
        n1.close();
        n2.close();
    }

    @Test
    void removeReachesAHolderThatTheNodeHasNotHeardOf() {
        membershipOf1.lagBehind(both);

        n1.cache().remove(remove());

        assertThat(n2.holds(key)).isFalse();
    }

    @Test
    void removeIsNotDoneWhileTheSourceOfMembersIsAway() {
        membershipOf1.lagBehind(null);

        assertRefused(
                UNAVAILABLE,
                () -> n1.cache().withDeadlineAfter(2, TimeUnit.SECONDS).remove(remove()),
                "did not confirm the topology in time",
                "try again");
    }

    @Test
    void removeIsDoneWithoutAHolderThatIsGone() {
        membershipOf1.set(both);
        n2.kill();
        assertRefused(UNAVAILABLE, () -> n1.cache().remove(remove()), "Not acknowledged by n2");

        n1.gone.addAll(both.holders(n1.group.storeKey(key).hash()));

        assertThat(n1.cache().remove(remove()).getAcknowledged()).isZero();
    }

    @Test
    void removeOfATagReachesEveryNode() {
        membershipOf1.set(both);
        assertThat(n1.cache()
                        .remove(RemoveRequest.newBuilder()
                                .setGroup(GROUP)
                                .addTags("id:" + key)
                                .addTags("id:other")
                                .build())
                        .getAcknowledged())
                .isEqualTo(4);
        assertThat(n2.holds(key)).isFalse();
        assertThat(n1.tagRemovals).hasSize(2);
    }

    @Test
    void tagThatNoKeyCanCarryIsRefused() {
        assertRefused(
                INVALID_ARGUMENT,
                () -> n1.cache()
                        .remove(RemoveRequest.newBuilder()
                                .setGroup(GROUP)
                                .addTags("class:1")
                                .build()),
                "its tags are [id:{id}]");
    }

    private RemoveRequest remove() {
        return RemoveRequest.newBuilder().setGroup(GROUP).addKeys(key).build();
    }
}
