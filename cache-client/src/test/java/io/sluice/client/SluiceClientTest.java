package io.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.coherence.LeaseLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SluiceClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<String, FakeNode> nodes =
            Stream.of("a", "b", "c").collect(Collectors.toMap(Function.identity(), FakeNode::new));
    private final FakeMembership membership = new FakeMembership();
    private final SluiceClient client = SluiceClient.builder()
            .membership(membership)
            .deadline(Duration.ofSeconds(8))
            .build();

    @BeforeEach
    void allAreMembers() {
        membership.become(nodes.values().stream().map(FakeNode::member).toArray(Member[]::new));
    }

    @AfterEach
    void close() {
        client.close();
        nodes.values().forEach(FakeNode::close);
        assertThat(membership.closed).isTrue();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("sluice-client-timer"));
    }

    @Test
    void saysThatItIsClosed() {
        client.close();

        assertThatThrownBy(() -> client.get("g", "k"))
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED))
                .hasMessageContaining("the client is closed");
    }

    @Test
    void asksTheOwner() {
        for (String key : keys(30)) {
            Answer answer = client.get("g", key);

            assertThat(answer.servedBy()).isEqualTo(holder(key, 0));
            assertThat(answer.servedFrom()).isEqualTo(ServedFrom.MEMORY);
            assertThat(answer.age()).isEqualTo(Duration.ofMillis(7));
            assertThat(answer.text()).contains("{}");
        }
    }

    @Test
    void asksTheReplicaWhenTheOwnerIsDead() {
        node(holder("k", 0)).close();

        assertThat(client.get("g", "k").servedBy()).isEqualTo(holder("k", 1));
    }

    @Test
    void asksAnyoneWhenAllHoldersAreDead() {
        node(holder("k", 0)).close();
        node(holder("k", 1)).close();
        String third = Stream.of("a", "b", "c")
                .filter(name -> !name.equals(holder("k", 0)) && !name.equals(holder("k", 1)))
                .findFirst()
                .orElseThrow();

        assertThat(client.get("g", "k").servedBy()).isEqualTo(third);
    }

    @Test
    void saysWhatToDoWhenEveryoneIsDead() {
        nodes.values().forEach(FakeNode::close);

        assertFails(() -> client.get("g", "k"), ErrorCode.UNAVAILABLE, "check that the nodes and their source are up");
    }

    @Test
    void noErrorThatANodeAnswersIsTriedElsewhere() {
        for (Status status : List.of(Status.UNAVAILABLE, Status.NOT_FOUND, Status.INVALID_ARGUMENT, Status.INTERNAL)) {
            nodes.values().forEach(node -> node.asked.clear());
            node(holder("k", 0)).failure = status.withDescription("because");

            assertThatThrownBy(() -> client.get("g", "k"))
                    .isInstanceOf(SluiceException.class)
                    .hasMessageContaining("because");
            assertThat(nodes.values().stream()
                            .mapToInt(node -> node.asked.size())
                            .sum())
                    .isEqualTo(1);
        }
    }

    @Test
    void unavailableWithoutTheMarkOfANodeIsTriedElsewhere() {
        node(holder("k", 0)).failure = Status.UNAVAILABLE;
        node(holder("k", 0)).unmarked = true;

        assertThat(client.get("g", "k").servedBy()).isEqualTo(holder("k", 1));
    }

    @Test
    void unknownGroupIsItsOwnKindOfFailure() {
        node(holder("k", 0)).failure = Status.NOT_FOUND.withDescription("no such group");

        assertFails(() -> client.get("g", "k"), ErrorCode.NO_SUCH_GROUP, "no such group");
    }

    @Test
    void hangingOwnerDoesNotEatTheDeadlineAndIsCancelled() throws InterruptedException {
        node(holder("k", 0)).hanging = true;

        assertThat(client.get("g", "k").servedBy()).isEqualTo(holder("k", 1));
        // Well before the deadline, which would end the request too.
        assertThat(node(holder("k", 0)).cancelled.await(4, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void deadlineHoldsWhenEveryoneHangs() {
        nodes.values().forEach(node -> node.hanging = true);

        assertFails(
                () -> client.get("g", "k", ReadOptions.DEFAULT.withDeadline(Duration.ofMillis(300))),
                ErrorCode.DEADLINE_EXCEEDED,
                "Give a longer deadline");
    }

    @Test
    void cancellingTheFutureCancelsTheRequest() throws InterruptedException {
        FakeNode owner = node(holder("k", 0));
        owner.hanging = true;
        var future = client.getAsync("g", "k", ReadOptions.DEFAULT.withDeadline(LONG));
        await().until(() -> !owner.asked.isEmpty());
        future.cancel(false);

        assertThat(owner.cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void connectionIsSharedAndClosedWhenTheMemberLeaves() {
        keys(30).forEach(key -> client.get("g", key));
        assertThat(nodes.values()).allMatch(node -> node.connections.get() == 1);

        membership.become(node("a").member(), node("b").member());

        await().until(() -> node("c").connections.get() == 0);
        assertThat(node("a").connections.get()).isEqualTo(1);
        assertThat(client.get("g", "k").servedBy()).isIn("a", "b");
    }

    @Test
    void memberThatMovedIsReachedAtItsNewAddress() {
        membership.become(node("a").member());
        client.get("g", "k");
        try (FakeNode moved = new FakeNode("a")) {
            membership.become(moved.member());

            client.get("g", "k2");
            assertThat(moved.asked).containsExactly("k2");
        }
    }

    @Test
    void batchGoesToTheOwnersAndKeepsItsOrder() {
        List<String> keys = keys(50);

        List<KeyOutcome> outcomes = client.getMany("g", keys);

        assertThat(outcomes).hasSize(50);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(outcomes.get(i).orThrow().servedBy()).isEqualTo(holder(keys.get(i), 0));
        }
    }

    @Test
    void keyOfABatchFailsForItself() {
        List<KeyOutcome> outcomes = client.getMany("g", List.of("k", "bad", "k2"));

        assertThat(outcomes.get(0)).isInstanceOf(KeyOutcome.Answered.class);
        assertFails(() -> outcomes.get(1).orThrow(), ErrorCode.UNAVAILABLE, "the source is down");
        assertThat(outcomes.get(2)).isInstanceOf(KeyOutcome.Answered.class);
    }

    @Test
    void batchSurvivesADeadMember() {
        node("a").close();

        assertThat(client.getMany("g", keys(50)))
                .allMatch(outcome -> !outcome.orThrow().servedBy().equals("a"));
    }

    @Test
    void removeReportsTheAcknowledgements() {
        assertThat(client.remove("g", List.of("k", "k2"))).isEqualTo(4);
        assertFails(() -> client.remove("g", List.of()), ErrorCode.INVALID_ARGUMENT, "give 1 to 1000");
    }

    @Test
    void aRemovalHasTimeToOutlastTheLongestLease() {
        client.remove("g", List.of("k"));

        assertThat(node(holder("k", 0)).removalMillis)
                .isGreaterThan(LeaseLimits.LONGEST.toMillis())
                .isLessThanOrEqualTo(LeaseLimits.LONGEST.plusSeconds(8).toMillis());
    }

    @Test
    void oneNamedMemberIsAskedAndNoOther() {
        for (String name : List.of("a", "b", "c")) {
            assertThat(client.on(name).get("g", "k").servedBy()).isEqualTo(name);
        }
        node("b").close();
        assertFails(() -> client.on("b").get("g", "k"), ErrorCode.UNAVAILABLE, "member b");
        assertFails(() -> client.on("d").get("g", "k"), ErrorCode.UNAVAILABLE, "there is no member d; members are [a");
    }

    @Test
    void clusterWithoutMembersIsSaidSo() {
        membership.become();

        assertFails(() -> client.get("g", "k"), ErrorCode.UNAVAILABLE, "the cluster has no members: start a node");
    }

    @Test
    void builderSaysWhatIsMissing() {
        assertThatThrownBy(() -> SluiceClient.builder().build()).hasMessageContaining("give etcd(...) or members(...)");
        assertThatThrownBy(() -> SluiceClient.builder().members("10.0.0.1:1").build())
                .hasMessageContaining("is not name=host:port");
        assertThatThrownBy(() ->
                        SluiceClient.builder().etcd("e:1").members("a=h:1").build())
                .hasMessageContaining("give one");
    }

    private FakeNode node(String name) {
        return Objects.requireNonNull(nodes.get(name));
    }

    private String holder(String key, int index) {
        return client.topology().holders(KeyHash.of("g", key)).get(index).name();
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key-" + i).toList();
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }
}
