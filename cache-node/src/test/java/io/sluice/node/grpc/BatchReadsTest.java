package io.sluice.node.grpc;

import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.sluice.node.fake.Cluster.keysHeldBy;
import static io.sluice.node.grpc.NodeUnderTest.GROUP;
import static io.sluice.node.grpc.NodeUnderTest.LIMITS;
import static io.sluice.node.grpc.NodeUnderTest.topology;
import static io.sluice.node.grpc.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.sluice.cluster.Topology;
import io.sluice.node.Failures;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.SettableMembership;
import io.sluice.proto.v1.GetManyRequest;
import io.sluice.proto.v1.KeyResult;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches at one of two nodes; each key has one holder. */
@Timeout(30)
final class BatchReadsTest {
    private final SettableMembership membership = new SettableMembership(Cluster.of(0));
    private final FakeSource sourceOf1 = new FakeSource(System::nanoTime);
    private final FakeSource sourceOf2 = new FakeSource(System::nanoTime);
    private final NodeUnderTest n1 = new NodeUnderTest("n1", sourceOf1, membership, LIMITS);
    private final NodeUnderTest n2 = new NodeUnderTest("n2", sourceOf2, membership, LIMITS);
    private final Topology both = topology(1, 1, n1, n2);
    private final List<String> own = keysHeldBy(both, GROUP, 3, "n1");
    private final List<String> others = keysHeldBy(both, GROUP, 3, "n2");

    @BeforeEach
    void form() {
        membership.set(both);
        for (String key : own) {
            commit(key, "v" + key);
        }
        for (String key : others) {
            commit(key, "v" + key);
        }
    }

    @AfterEach
    void end() {
        n1.close();
        n2.close();
    }

    @Test
    void answersAreInTheOrderOfTheKeysAndDuplicatesAreAnsweredTwice() {
        List<String> keys = List.of(others.get(1), own.get(0), others.get(0), own.get(0), own.get(2), others.get(1));

        assertThat(values(getMany(keys)))
                .isEqualTo(keys.stream().map(key -> "v" + key).toList());
        assertThat(values(getMany(keys)))
                .isEqualTo(keys.stream().map(key -> "v" + key).toList());
    }

    @Test
    void keysOfAnotherOwnerAreLoadedThereInOneBatch() {
        List<KeyResult> results = getMany(others);

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getAnswer().getInfo().getServedBy()).isEqualTo("n2"));
        assertThat(sourceOf2.loads()).isEqualTo(3);
        assertThat(sourceOf1.loads()).isZero();
    }

    @Test
    void eachOwnerLoadsItsKeysTogether() {
        sourceOf1.loadsTogether(2);
        sourceOf2.loadsTogether(3);
        List<String> keys = List.of(own.get(0), others.get(0), own.get(1), others.get(1), own.get(2), others.get(2));

        assertThat(values(getMany(keys)))
                .isEqualTo(keys.stream().map(key -> "v" + key).toList());
        assertThat(sourceOf2.batchLoads()).as("forwarded as one batch").isEqualTo(1);
        assertThat(sourceOf2.loads()).isZero();
        assertThat(sourceOf1.batchLoads()).as("two at once at the most").isEqualTo(1);
        assertThat(sourceOf1.loads()).isEqualTo(1);
        assertThat(values(getMany(keys)))
                .isEqualTo(keys.stream().map(key -> "v" + key).toList());
        assertThat(sourceOf1.batchLoads() + sourceOf2.batchLoads()).isEqualTo(2);
    }

    @Test
    void inABatchLoadToo() {
        sourceOf1.loadsTogether(10);
        assertOneKeysFailureIsItsOwn();
        assertThat(values(getMany(List.of(own.get(2), own.get(2), own.get(2))))).containsOnly("v" + own.get(2));
        assertThat(getMany(List.of("99999999", own.get(0)))
                        .getFirst()
                        .getAnswer()
                        .getFound())
                .isFalse();
        assertThat(sourceOf1.batchLoads()).isPositive();
    }

    @Test
    void missingRowsAreNormalAnswers() {
        KeyResult result = getMany(List.of("99999999")).getFirst();

        assertThat(result.hasAnswer()).isTrue();
        assertThat(result.getAnswer().getFound()).isFalse();
    }

    @Test
    void oneKeysFailureIsItsOwn() {
        assertOneKeysFailureIsItsOwn();
    }

    private void assertOneKeysFailureIsItsOwn() {
        String broken = own.get(1);
        sourceOf1.beforeRow(key -> {
            if (key.equals(broken)) {
                throw Failures.unavailable("Source app did not answer");
            }
        });

        List<KeyResult> results = getMany(List.of(own.get(0), "", "a/b", broken, others.get(0)));

        assertThat(results.get(0).getAnswer().getFound()).isTrue();
        assertError(results.get(1), Status.Code.INVALID_ARGUMENT, "The key is empty");
        assertError(results.get(2), Status.Code.INVALID_ARGUMENT, "key template");
        assertError(results.get(3), Status.Code.UNAVAILABLE, "Source app did not answer");
        assertThat(results.get(4).getAnswer().getFound()).isTrue();
    }

    @Test
    void ownersPerKeyErrorsAreThoseOfItsKeys() {
        String broken = others.get(1);
        sourceOf2.beforeRow(key -> {
            if (key.equals(broken)) {
                throw Failures.unavailable("Source app did not answer");
            }
        });

        List<KeyResult> results = getMany(others);

        assertThat(results.get(0).getAnswer().getFound()).isTrue();
        assertError(results.get(1), Status.Code.UNAVAILABLE, "Source app did not answer");
        assertThat(results.get(2).getAnswer().getFound()).isTrue();
        assertThat(sourceOf1.loads()).as("decided by the owner, not tried here").isZero();
    }

    @Test
    void keysOfADeadOwnerAreReadThrough() {
        n2.kill();

        List<KeyResult> results = getMany(others);

        assertThat(values(results))
                .isEqualTo(others.stream().map(key -> "v" + key).toList());
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getAnswer().getInfo().getServedBy()).isEqualTo("n1"));
        assertThat(others).noneMatch(n1::holds);
        assertThat(n1.forwards).as("nobody is asked twice").containsExactly("3 unreachable");
    }

    @Test
    void answersOverTheResponseLimitAreRefusedKeyByKey() {
        for (String key : own) {
            commit(key, "x".repeat(4_500));
        }

        List<KeyResult> results = getMany(own);

        assertThat(results.get(0).getAnswer().getFound()).isTrue();
        assertThat(results.get(1).getAnswer().getFound()).isTrue();
        assertError(results.get(2), Status.Code.RESOURCE_EXHAUSTED, "limits.response");
    }

    @Test
    void badBatchesAreRefusedWhole() {
        assertRefused(INVALID_ARGUMENT, () -> getMany(List.of()), "no keys");
        assertRefused(
                INVALID_ARGUMENT, () -> getMany(Collections.nCopies(11, "1")), "11 keys", "limits.keys-per-batch");
        assertRefused(
                NOT_FOUND,
                () -> n1.cache()
                        .getMany(GetManyRequest.newBuilder()
                                .setGroup("students")
                                .addKeys("1")
                                .build()),
                "did you mean student");
    }

    private List<KeyResult> getMany(List<String> keys) {
        return n1.cache()
                .getMany(GetManyRequest.newBuilder()
                        .setGroup(GROUP)
                        .addAllKeys(keys)
                        .build())
                .getResultsList();
    }

    private static List<String> values(List<KeyResult> results) {
        return results.stream()
                .map(result -> result.getAnswer().getValue().toStringUtf8())
                .toList();
    }

    private static void assertError(KeyResult result, Status.Code code, String message) {
        assertThat(result.getError().getCode()).isEqualTo(code.value());
        assertThat(result.getError().getMessage()).contains(message);
    }

    private void commit(String key, String value) {
        sourceOf1.commit(key, value);
        sourceOf2.commit(key, value);
    }
}
