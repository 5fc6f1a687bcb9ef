package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.cluster.Topology;
import io.sluice.config.DataSize;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three nodes, of which one accepts calls and never answers: what that does to the others, to memory and to offsets.
 */
final class HangingNodeTest {
    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final int BUNDLES = 500;
    private static final int BUNDLE_KEYS = 256;
    private static final long MAX_BACKLOG = 256 << 10;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final FakeEvidence evidence = new FakeEvidence();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger doneTwice = new AtomicInteger();
    private FakeNode a;
    private FakeNode b;
    private FakeNode hanging;
    private Dispatcher dispatcher;

    @BeforeEach
    void start() {
        a = node("a");
        b = node("b");
        hanging = node("c");
        hanging.behaviour = request -> Status.UNAVAILABLE;
        DispatchSettings usual = DispatchSettings.DEFAULTS;
        DispatchSettings settings = new DispatchSettings(
                usual.maxBatch(),
                usual.maxBatchBytes(),
                usual.linger(),
                usual.window(),
                new DataSize(MAX_BACKLOG),
                usual.rpcTimeout(),
                usual.retryInitial(),
                usual.retryMax());
        dispatcher = new Dispatcher("sync-1", evidence, settings, new SyncMetrics(new PrometheusRegistry()));
        open.add(dispatcher);
        dispatcher.adopt(Topology.of(1, List.of(a.member(), b.member(), hanging.member()), 2));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void theOthersAreToldEverythingAndMemoryIsBounded() {
        long most = 0;
        submit(0);
        await().until(() -> dispatcher.failingMembers().contains("c"));
        for (int i = 1; i < BUNDLES; i++) {
            submit(i);
            most = Math.max(most, dispatcher.footprintBytes());
            if (i % 10 == 0) {
                awaitTheOthers(i * BUNDLE_KEYS);
            }
        }
        awaitTheOthers(BUNDLES * BUNDLE_KEYS);

        // Before it is collapsed a bundle takes some 8 KiB, after that 1,000 bytes.
        assertThat(most).isLessThan(BUNDLES * 1_100L + 6 * MAX_BACKLOG);
        assertThat(done).hasValue(0);
        assertThat(groupsOf(a) + groupsOf(b))
                .as("only who hangs is told groups")
                .isZero();

        hanging.behaviour = request -> Status.OK;

        await().atMost(Duration.ofSeconds(30)).until(() -> dispatcher.inFlight() == 0);
        assertThat(done).hasValue(BUNDLES);
        assertThat(doneTwice).hasValue(0);
        assertThat(dispatcher.footprintBytes()).isZero();
        assertThat(hanging.requests.stream().anyMatch(HangingNodeTest::asksForTheGroup))
                .isTrue();
        assertThat(keysOf(hanging) + groupsOf(hanging)).as("collapsed").isLessThan(BUNDLES * BUNDLE_KEYS / 3);
    }

    @Test
    void whenItDepartsEverythingIsDone() {
        submit(0);
        await().until(() -> dispatcher.failingMembers().contains("c"));
        for (int i = 1; i < BUNDLES; i++) {
            submit(i);
        }
        awaitTheOthers(BUNDLES * BUNDLE_KEYS);
        assertThat(done).hasValue(0);

        evidence.gone.add(hanging.member());
        dispatcher.adopt(Topology.of(2, List.of(a.member(), b.member()), 2));

        await().atMost(Duration.ofSeconds(30)).until(() -> dispatcher.inFlight() == 0);
        assertThat(done).hasValue(BUNDLES);
        assertThat(doneTwice).hasValue(0);
        assertThat(groupsOf(a))
                .as("it may hold more by the new ring, and nobody knows of which keys")
                .isPositive();
    }

    /** What is measured is what waits for the one that hangs, so the others have to keep up. */
    private void awaitTheOthers(int submitted) {
        await().pollInterval(Duration.ofMillis(2)).until(() -> keysOf(a) + keysOf(b) >= submitted);
    }

    private void submit(int number) {
        BundleBuilder builder = new BundleBuilder();
        for (int i = 0; i < BUNDLE_KEYS; i++) {
            int change = number * BUNDLE_KEYS + i + 1;
            builder.add(Removal.ofKey("g", "key-" + change, SERVER + ":1-" + change));
        }
        AtomicInteger runs = new AtomicInteger();
        dispatcher.submit(builder.build(), () -> {
            done.incrementAndGet();
            doneTwice.addAndGet(runs.getAndIncrement());
        });
    }

    private static int keysOf(FakeNode node) {
        return node.requests.stream()
                .mapToInt(request -> asksForTheGroup(request) ? 0 : request.getRemovalsCount())
                .sum();
    }

    private static long groupsOf(FakeNode node) {
        return node.requests.stream().filter(HangingNodeTest::asksForTheGroup).count();
    }

    private static boolean asksForTheGroup(PeerRemoveRequest request) {
        return request.getRemovalsList().stream()
                .anyMatch(removal -> removal.getScope() == RemovalScope.REMOVAL_SCOPE_GROUP);
    }

    private FakeNode node(String name) {
        FakeNode node = new FakeNode(name);
        open.add(node);
        return node;
    }
}
