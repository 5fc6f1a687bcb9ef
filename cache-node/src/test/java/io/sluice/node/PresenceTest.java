package io.sluice.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.store.CacheEntry;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class PresenceTest {
    private final CacheGroup group = new CacheGroup(
            "student",
            SegmentedStore.ofCapacity(
                    1 << 20, StoreSettings.DEFAULTS, KeyHash.ofGroup("student")::hash, System::nanoTime),
            null,
            new TimeToLive(Duration.ofMinutes(10), Duration.ZERO),
            true);
    private final Presence presence =
            new Presence("n1", new CacheGroups(Map.of("student", group)), new HealthStatusManager());

    @Test
    void nodeMayHoldNothingUntilItIsRegistered() {
        presence.accept(topology(1, 0));

        assertThat(presence.mayHold()).isFalse();
        assertThat(presence.reasonNotReady()).isPresent();
    }

    @Test
    void nodeIsReadyWhenTheTopologyShowsItsIncarnation() {
        presence.registered(self(5));
        assertThat(presence.mayHold()).isTrue();
        presence.accept(topology(4, 3));
        assertThat(presence.reasonNotReady()).as("that was an earlier life").isPresent();

        presence.accept(topology(5, 5));

        assertThat(presence.reasonNotReady()).isEmpty();
        assertThat(presence.incarnation()).isEqualTo(5);
    }

    @Test
    void topologyThatComesBeforeTheRegistrationIsToldCounts() {
        presence.accept(topology(5, 5));
        presence.registered(self(5));

        assertThat(presence.reasonNotReady()).isEmpty();
    }

    @Test
    void lostRegistrationEmptiesTheNodeUntilItIsBack() {
        presence.registered(self(5));
        presence.accept(topology(5, 5));
        put();

        presence.lost("its lease ended");

        assertThat(presence.mayHold()).isFalse();
        assertThat(presence.reasonNotReady()).isPresent();
        assertThat(group.store().get(group.storeKey("1"))).isNull();

        presence.registered(self(9));
        presence.accept(topology(9, 9));
        assertThat(presence.mayHold()).isTrue();
        assertThat(presence.reasonNotReady()).isEmpty();
    }

    @Test
    void nodeWhoseLeaseMayHaveEndedTrustsItsMemoryNoMore() {
        AtomicReference<Duration> sinceConfirmed = new AtomicReference<>(Duration.ZERO);
        presence.registered(self(5));
        presence.fenceBy(sinceConfirmed::get, Duration.ofSeconds(5));
        assertThat(presence.mayHold()).isTrue();

        sinceConfirmed.set(Duration.ofSeconds(4));
        assertThat(presence.mayHold()).isFalse();

        sinceConfirmed.set(Duration.ofMillis(3_999));
        assertThat(presence.mayHold()).as("confirmed again").isTrue();
    }

    @Test
    void keysThatTheRingGivesToOthersAreDropped() {
        presence.registered(self(5));
        presence.accept(topology(5, 5));
        put();

        presence.accept(Topology.of(6, List.of(Member.of("n2", "127.0.0.1", 2)), 1));

        assertThat(group.store().get(group.storeKey("1"))).isNull();
    }

    private void put() {
        byte[] value = "one".getBytes(UTF_8);
        long now = System.nanoTime();
        group.store()
                .put(
                        group.storeKey("1"),
                        CacheEntry.found(
                                value,
                                FakeSource.at(1),
                                now,
                                now + Duration.ofMinutes(1).toNanos()));
        assertThat(group.store().get(group.storeKey("1"))).isNotNull();
    }

    private static Topology topology(long revision, long incarnation) {
        return Topology.of(revision, List.of(self(incarnation)), 1);
    }

    private static Member self(long incarnation) {
        return Member.of("n1", "127.0.0.1", 1).withIncarnation(incarnation);
    }
}
