package io.sluice.node;

import static io.sluice.cluster.RingState.ACTIVE;
import static io.sluice.cluster.RingState.ANNOUNCED;
import static io.sluice.cluster.RingState.CLOSING;
import static io.sluice.cluster.RingState.DRAINING;
import static io.sluice.node.fake.FakeSource.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.cluster.ClusterConfig;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.StaticMembership;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.WatchedStore;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.StalenessBounds;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

final class PresenceTest {
    private static final Member SELF = Member.of("n1", "127.0.0.1", 1);
    private static final ClusterConfig FIXED_LIST = new ClusterConfig(
            null, List.of("n1=127.0.0.1:1"), null, null, null, null, null, null, null, null, null, null);
    private static final Member OTHER = Member.of("n2", "127.0.0.1", 2).withIncarnation(3);

    private long now;
    private final WatchedStore store = new WatchedStore(
            SegmentedStore.ofCapacity(1 << 20, StoreSettings.DEFAULTS, KeyHash.ofGroup("student")::hash, () -> now));
    private final CacheGroup group = group(Coherence.GTID);
    private final List<Topology> told = new ArrayList<>();
    private boolean connected = true;
    private final WarmUp warmUp = new WarmUp(() -> connected);
    private final Tenure tenure = new Tenure("n1", Cluster.of(0), Duration.ofSeconds(5), Clocks.by(() -> now));
    private final AppliedPositions applied = new AppliedPositions(() -> new Moment(now, 0), new StalenessBounds());
    private final AtomicReference<Consumer<LongPredicate>> lent = new AtomicReference<>(keyHash -> {});
    private final Presence presence = presence(group);

    @Test
    void nodeMayHoldNothingUntilItIsRegistered() {
        presence.adopt(active(1, 1, SELF));

        assertThat(mayHold()).isFalse();
        assertThat(presence.reasonNotReady()).isPresent();
    }

    @Test
    void adoptingWaitsForTheEndOfWhatIsLentUnderAClosingRing() {
        presence.registered(self(5));
        presence.adopt(topology(6, ring(1, ACTIVE, self(5))));
        List<Boolean> mayStay = new ArrayList<>();
        lent.set(keyHash -> {
            mayStay.add(keyHash.test(group.storeKey("1").hash()));
            // Nothing can be lent under the ring any more when that is asked, and readers go by the new one.
            assertThat(mayHold()).isFalse();
        });
        presence.adopt(topology(7, ring(1, CLOSING, self(5)), ring(2, ACTIVE, OTHER)));
        assertThat(mayStay).containsExactly(false);
    }

    @Test
    void nodeIsReadyWhenTheActiveRingHasItsIncarnation() {
        presence.registered(self(5));
        presence.adopt(active(4, 1, self(3)));
        assertThat(presence.reasonNotReady())
                .as("that was an earlier life")
                .hasValueSatisfying(reason -> assertThat(reason).contains("has not seen itself"));
        assertThat(mayHold()).isFalse();

        presence.adopt(topology(5, ring(1, ACTIVE, self(3)), ring(2, ANNOUNCED, self(5))));
        assertThat(presence.reasonNotReady().orElseThrow()).contains("announced and not active yet");
        assertThat(mayHold()).isFalse();

        presence.adopt(topology(6, ring(1, DRAINING, self(3)), ring(2, ACTIVE, self(5))));
        assertThat(presence.reasonNotReady()).isEmpty();
        assertThat(mayHold()).isTrue();
    }

    @Test
    void topologyThatComesBeforeTheRegistrationIsToldCounts() {
        presence.adopt(active(5, 1, self(5)));
        presence.registered(self(5));

        assertThat(presence.reasonNotReady()).isEmpty();
    }

    @Test
    void nodeConnectsToItsPeersBeforeItIsReady() {
        connected = false;
        presence.registered(self(5));
        presence.adopt(active(5, 1, self(5), OTHER));
        assertThat(presence.reasonNotReady().orElseThrow()).contains("connecting to its peers");
        warmUp.close();

        assertThat(told).as("who connects").hasSize(1);
    }

    @Test
    void leavingNodeIsNotReadyButGoesOn() {
        join();

        presence.leaving();

        assertThat(presence.reasonNotReady().orElseThrow()).contains("leaving");
        assertThat(mayHold()).isTrue();
    }

    @Test
    void lostRegistrationEmptiesTheNodeUntilItIsBackInANewLife() {
        join();
        put(at(1));

        presence.lost("its lease ended");

        assertThat(mayHold()).isFalse();
        assertThat(presence.reasonNotReady()).isPresent();
        assertThat(held()).isFalse();

        presence.registered(self(9));
        assertThat(mayHold()).as("the ring has the earlier life").isFalse();
        presence.adopt(active(9, 2, self(9)));
        assertThat(mayHold()).isTrue();
        assertThat(presence.reasonNotReady()).isEmpty();
        assertThat(held()).isFalse();
    }

    @Test
    void nodeWhoseLeaseMayHaveEndedTrustsItsMemoryNoMoreAndGoesOnWhenItIsConfirmed() {
        boolean[] leased = {true};
        join();
        put(at(1));
        tenure.fenceBy(() -> leased[0]);
        assertThat(mayHold()).isTrue();

        leased[0] = false;
        assertThat(mayHold()).isFalse();
        presence.adopt(topology(6, ring(1, ACTIVE, self(5)), ring(2, ANNOUNCED, self(5), OTHER)));
        presence.adopt(topology(7, ring(1, CLOSING, self(5)), ring(2, ACTIVE, self(5))));

        leased[0] = true;
        assertThat(mayHold()).isTrue();
        assertThat(held()).as("nothing was missed").isTrue();
    }

    /** The ring closes; a coordinator that hears of the return may have the sync service send no more Removes. */
    @Test
    void whatNoHoldingRingGivesTheNodeIsGoneWhenAClosingTopologyIsAdopted() {
        join();
        put(at(1));
        presence.adopt(topology(6, ring(1, DRAINING, self(5)), ring(2, ACTIVE, OTHER)));
        assertThat(held()).as("a draining holder still gets Removes").isTrue();
        assertThat(mayHold()).isTrue();

        presence.adopt(topology(7, ring(1, CLOSING, self(5)), ring(2, ACTIVE, OTHER)));

        assertThat(held()).isFalse();
        assertThat(mayHold()).isFalse();
    }

    /** 1: may hold the key, and stores. What is not held is dropped: after 1, or 1 sees that it may not hold it. */
    @Test
    void nodeGoesByTheTopologyBeforeItDropsWhatThatTakesAway() {
        join();
        List<Boolean> holding = new ArrayList<>();
        store.beforeRetain(() -> holding.add(mayHold()));

        presence.adopt(topology(7, ring(1, CLOSING, self(5)), ring(2, ACTIVE, OTHER)));

        assertThat(holding).containsExactly(false);
    }

    @Test
    void nothingIsLookedThroughWhenNothingIsTakenAway() {
        join();
        List<Boolean> looks = new ArrayList<>();
        store.beforeRetain(() -> looks.add(true));

        presence.adopt(topology(6, ring(1, ACTIVE, self(5)), ring(2, ANNOUNCED, self(5), OTHER)));
        presence.adopt(topology(7, ring(1, DRAINING, self(5)), ring(2, ACTIVE, self(5), OTHER)));
        assertThat(looks).isEmpty();

        presence.adopt(topology(8, ring(1, CLOSING, self(5)), ring(2, ACTIVE, self(5), OTHER)));
        assertThat(looks).hasSize(1);
    }

    @Test
    void skippedDocumentsDoNotSaveWhatMustGo() {
        join();
        put(at(1));

        presence.adopt(topology(9, ring(4, DRAINING, OTHER), ring(5, ACTIVE, self(5), OTHER)));
        presence.adopt(topology(10, ring(5, ACTIVE, OTHER)));

        assertThat(held()).isFalse();
    }

    @Test
    void floorsOfActiveAndDrainingRingsKeepOutWhatIsFromBefore() {
        presence.registered(self(5));
        presence.adopt(topology(
                6,
                ring(1, DRAINING, Map.of("app", at(7)), self(5)),
                ring(2, ACTIVE, Map.of("app", at(9), "elsewhere", at(99)), self(5))));

        assertThat(put(at(6))).isEqualTo(PutResult.REFUSED);
        assertThat(put(at(8))).isEqualTo(PutResult.REFUSED);
        assertThat(put(at(9))).isEqualTo(PutResult.STORED);
    }

    /** H was read before a failover, and comes when the node knows already what is lost of it. */
    @Test
    void whatIsLostOfTheFloorOfARingIsDemandedOfNobody() {
        SourcePosition lost = at(9).minus(at(7));
        group.applied().passed(new Partition("changes", 0), 1, at(7), lost, new Moment(now, 0));
        presence.registered(self(5));
        presence.adopt(topology(6, ring(2, ACTIVE, Map.of("app", at(9)), self(5))));

        assertThat(put(at(6))).isEqualTo(PutResult.REFUSED);
        assertThat(put(at(7))).isEqualTo(PutResult.STORED);
    }

    @Test
    void floorsAreThereBeforeTheNodeHoldsByTheRing() {
        presence.registered(self(5));
        List<Boolean> holding = new ArrayList<>();
        store.beforeFloor(() -> holding.add(mayHold()));

        presence.adopt(topology(6, ring(2, ACTIVE, Map.of("app", at(9)), self(5))));

        assertThat(holding).containsExactly(false);
        assertThat(mayHold()).isTrue();
    }

    @Test
    void floorOfARingIsMergedOnceAndAnnouncedRingsHaveNone() {
        int[] raised = {0};
        store.beforeFloor(() -> raised[0]++);
        presence.adopt(topology(6, ring(2, ACTIVE, Map.of("app", at(9)), OTHER), ring(3, ANNOUNCED, self(5))));
        presence.adopt(topology(7, ring(2, ACTIVE, Map.of("app", at(9)), OTHER), ring(3, ANNOUNCED, self(5))));
        assertThat(raised[0]).isEqualTo(1);

        presence.adopt(topology(8, ring(2, DRAINING, Map.of("app", at(9)), OTHER), ring(3, ACTIVE, self(5))));
        assertThat(raised[0]).isEqualTo(2);
    }

    @Test
    void ringOfAClusterThatBeganAnewHasItsFloorMergedWhateverItsId() {
        presence.adopt(topology(90, ring(80, ACTIVE, Map.of("app", at(5)), self(70))));
        presence.registered(self(3));
        presence.adopt(topology(9, ring(4, ACTIVE, Map.of("app", at(9)), self(3))));

        assertThat(put(at(8))).isEqualTo(PutResult.REFUSED);
        assertThat(put(at(9))).isEqualTo(PutResult.STORED);
    }

    /** Without an H the moment in which an event can be ahead of its row is waited out. */
    @Test
    void withoutAFloorLoadsOfTheNextMomentAreNotKept() {
        for (Coherence coherence : List.of(Coherence.GTID, Coherence.ARRIVAL)) {
            now += Duration.ofMinutes(1).toNanos();
            Presence other = presence(group(coherence));
            other.registered(self(5));
            other.adopt(topology(6, ring(2, ACTIVE, self(5))));

            assertThat(put(at(9))).as(coherence.name()).isEqualTo(PutResult.REFUSED);
            now += Duration.ofSeconds(3).toNanos();
            assertThat(put(at(9))).as(coherence.name()).isEqualTo(PutResult.STORED);
        }
    }

    /** Its earlier life was sent Removes that this one knows nothing of. */
    @Test
    void nodeOfAFixedListDoesNotKeepLoadsOfItsFirstMoment() {
        List<Boolean> holding = new ArrayList<>();
        store.beforeFloor(() -> holding.add(mayHold()));
        presence.begin(StaticMembership.parse(List.of("n1=127.0.0.1:1"), 2).topology());

        assertThat(holding).containsExactly(false);
        assertThat(put(at(9))).isEqualTo(PutResult.REFUSED);
        now += Duration.ofSeconds(3).toNanos();
        assertThat(put(at(9))).isEqualTo(PutResult.STORED);
    }

    @Test
    void groupThatNothingRemovesFromHasNoFloor() {
        Presence other = presence(group(Coherence.NONE));
        other.registered(self(5));
        other.adopt(topology(6, ring(2, ACTIVE, Map.of("app", at(9)), self(5))));

        assertThat(put(SourcePosition.UNKNOWN)).isEqualTo(PutResult.STORED);
    }

    private void join() {
        presence.registered(self(5));
        presence.adopt(topology(5, ring(1, ACTIVE, Map.of("app", at(1)), self(5))));
    }

    private boolean mayHold() {
        return tenure.mayHold(tenure.topology(), group, group.storeKey("1").hash());
    }

    private boolean held() {
        return store.get(group.storeKey("1")) != null;
    }

    private PutResult put(SourcePosition stamp) {
        long expires = now + Duration.ofMinutes(1).toNanos();
        return store.put(group.storeKey("1"), CacheEntry.found("one".getBytes(UTF_8), stamp, now, expires));
    }

    private Presence presence(CacheGroup of) {
        CacheGroups groups = new CacheGroups(Map.of("student", of));
        return new Presence(
                "n1",
                tenure,
                groups,
                new Floors(groups, FIXED_LIST),
                applied,
                told::add,
                keyHash -> lent.get().accept(keyHash),
                warmUp,
                new HealthStatusManager());
    }

    private CacheGroup group(Coherence coherence) {
        return new CacheGroup(
                "student",
                "app",
                coherence,
                store,
                new FakeSource(() -> now),
                new TimeToLive(Duration.ofMinutes(10), Duration.ZERO));
    }

    private static Topology active(long revision, long id, Member... members) {
        return topology(revision, ring(id, ACTIVE, members));
    }

    private static Topology topology(long revision, RingRecord... rings) {
        return Cluster.of(revision, 1, rings);
    }

    private static RingRecord ring(long id, RingState state, Member... members) {
        return ring(id, state, Map.of(), members);
    }

    private static RingRecord ring(long id, RingState state, Map<String, SourcePosition> floors, Member... members) {
        return Cluster.ring(id, state, floors, Arrays.asList(members));
    }

    private static Member self(long incarnation) {
        return SELF.withIncarnation(incarnation);
    }
}
