package io.sluice.sync.ring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.SyncParticipant;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.DispatchSettings;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.heartbeat.HeartbeatException;
import io.sluice.sync.heartbeat.HeartbeatSettings;
import io.sluice.sync.heartbeat.Heartbeats;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cluster's side is played by the test: it registers, loses and adopts. */
final class EtcdRingPartTest {
    private static final Member NODE = Member.of("a", "127.0.0.1", 1);
    private static final SourcePosition POSITION = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-17");

    private final SyncMetrics metrics = new SyncMetrics(new PrometheusRegistry());
    private final FakeParticipation participation = new FakeParticipation();
    private final FakeMembership membership = new FakeMembership();
    private final EtcdRingPart part = new EtcdRingPart(
            participation, Duration.ofSeconds(2), "sync-1", membership, () -> Map.of("app", POSITION), metrics);
    private final Dispatcher dispatcher = new Dispatcher("sync-1", part, DispatchSettings.DEFAULTS, metrics);

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void beforeItJoinedItCountsForNothing() {
        assertThat(part.leased()).isFalse();
        assertThat(part.revision()).isZero();
        assertThat(part.isGone(NODE)).isFalse();
    }

    @Test
    void joinedItHasAdoptedATopology() {
        part.join(dispatcher);
        assertThat(part.leased()).isTrue();
        assertThat(part.incarnation()).isEqualTo(1);
        assertThat(part.revision()).isEqualTo(7);
        assertThat(dispatcher.revision()).isEqualTo(7);
    }

    @Test
    void itCountsForAsLongAsItsRegistrationDoes() {
        part.join(dispatcher);
        participation.leased = false;
        participation.told().lost("its lease ended");
        assertThat(part.leased()).isFalse();
        assertThat(part.revision()).as("removals go on").isEqualTo(7);

        participation.incarnation = 2;
        participation.told().registered(2);
        participation.told().adopt(topology(8));
        participation.leased = true;

        assertThat(part.leased()).isTrue();
        assertThat(part.incarnation()).isEqualTo(2);
        assertThat(part.revision()).isEqualTo(8);
    }

    @Test
    void whatTheMembershipShowsCountsOnceItIsAdopted() {
        part.join(dispatcher);
        membership.topology = topology(8);
        assertThat(part.adoptedAllSince(0)).isFalse();
        participation.told().adopt(topology(8));
        assertThat(part.adoptedAllSince(0)).isTrue();
        membership.confirmed = false;
        assertThat(part.adoptedAllSince(0)).isFalse();
    }

    @Test
    void floorsArePassedOnAsTheyAreRead() throws Exception {
        part.join(dispatcher);
        assertThat(participation.told().readFloors(3)).containsExactly(Map.entry("app", POSITION));
    }

    @Test
    void aSourceThatIsAwayFailsTheFloorsAsAWhole() {
        Rules rules = Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://127.0.0.1:1/app", username: u, password: p, coherence: gtid }
                groups:
                  item: { source: app, key: "{id}", load: "SELECT id FROM items WHERE id = :id" }
                """, Map.of());
        Heartbeats away = Heartbeats.of(rules, HeartbeatSettings.DEFAULTS, "sync-1");
        new EtcdRingPart(participation, Duration.ofSeconds(2), "sync-1", membership, away::beatAll, metrics)
                .join(dispatcher);
        assertThatThrownBy(() -> participation.told().readFloors(3))
                .isInstanceOf(HeartbeatException.class)
                .hasMessageContaining("No heartbeat on source app")
                .hasMessageContaining("MySQL does not answer");
    }

    @Test
    void aMemberOfAVanishedRingHasTimeForItsLeaseAndForItsNextListing() {
        assertThat(EtcdRingPart.departure(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(18));
        assertThat(EtcdRingPart.departure(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whoIsGoneIsWhoEtcdSaysIsGone() {
        part.join(dispatcher);
        assertThat(part.isGone(NODE)).isFalse();
        participation.gone = true;
        assertThat(part.isGone(NODE)).isTrue();
    }

    @Test
    void whoIsThereIsLookedUpOnceItIsRegistered() {
        part.look();
        assertThat(part.hasLookedSince(-1)).isFalse();
        part.join(dispatcher);
        assertThat(part.hasLookedSince(0)).isFalse();
        part.look();
        assertThat(part.hasLookedSince(0)).isTrue();
    }

    private static Topology topology(long revision) {
        return Topology.of(revision, List.of(NODE), 1);
    }

    private static final class FakeParticipation implements Participation, Participation.Registrar {
        private SyncParticipant.@Nullable Callbacks told;
        private long incarnation = 1;
        private boolean leased = true;
        private boolean gone;
        private int looks;

        SyncParticipant.Callbacks told() {
            return requireNonNull(told);
        }

        @Override
        public Participation register(SyncParticipant.Callbacks callbacks) {
            told = callbacks;
            callbacks.registered(1);
            callbacks.adopt(topology(7));
            return this;
        }

        @Override
        public long incarnation() {
            return incarnation;
        }

        @Override
        public boolean leased() {
            return leased;
        }

        @Override
        public boolean isPresent(Member node) {
            return true;
        }

        @Override
        public boolean isGone(Member node) {
            return gone;
        }

        @Override
        public void look() {
            looks++;
        }

        @Override
        public boolean hasLookedSince(long nanoTime) {
            return looks > nanoTime;
        }

        @Override
        public void close() {}
    }

    private static final class FakeMembership implements Membership {
        private Topology topology = EtcdRingPartTest.topology(7);
        private boolean confirmed = true;

        @Override
        public Topology topology() {
            return topology;
        }

        @Override
        public boolean confirmedSince(long nanoTime) {
            return confirmed;
        }

        @Override
        public Subscription addListener(Consumer<Topology> listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
