package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingDecisionTest {
    private static final Duration DEBOUNCE = Duration.ofMillis(100);
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration DEPARTURE = Duration.ofSeconds(6);
    private static final Map<String, SourcePosition> FLOORS =
            Map.of("app", SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-57"));

    private final RingDecision decision = new RingDecision(new RingChanges(true, DEBOUNCE, WARM_UP), DEPARTURE);
    private final Sightings seen = new Sightings();
    private long nowNanos = 1_000_000;

    // What stands in etcd.
    private long revision = 100;
    private @Nullable TopologyDocument document;
    private final Map<String, Member> members = new HashMap<>();
    private final Set<String> leaving = new HashSet<>();
    private final Map<String, Long> syncs = new HashMap<>();
    private final Map<String, Confirmation> nodeConfirmations = new HashMap<>();
    private final Map<String, Confirmation> syncConfirmations = new HashMap<>();
    private final Map<String, RingFloors> floors = new HashMap<>();

    @Test
    void ringIsAnnouncedWhenTheMembersHaveBeenQuiet() {
        join("n1", 1);
        decide();
        pass(DEBOUNCE.minusMillis(1));
        join("n2", 2);
        decide();
        pass(DEBOUNCE.minusMillis(1));
        assertThat(decide().document()).isNull();

        pass(Duration.ofMillis(1));
        decide();

        assertThat(only(RingState.ANNOUNCED).members()).containsExactly(member("n1", 1), member("n2", 2));
    }

    @Test
    void saysWhenItWantsToBeAskedAgain() {
        join("n1", 1);
        RingDecision.Decision waiting = decide();

        assertThat(waiting.document()).isNull();
        assertThat(waiting.wakeNanos()).isEqualTo(nowNanos + DEBOUNCE.toNanos());
    }

    @Test
    void floorsReadBeforeTheLastConfirmationDoNotCount() {
        syncs.put("s1", 3L);
        join("n1", 1);
        settle();
        long ring = only(RingState.ANNOUNCED).id();
        floors.put("s1", new RingFloors(3, ring, FLOORS));
        assertThat(decide().document()).as("nobody was asked for floors yet").isNull();

        confirm("s1", ring);
        decide();
        assertThat(only(RingState.ANNOUNCED).floorReader()).isEqualTo("s1@3");
    }

    @Test
    void ringIsActiveWithTheFloorsOfWhoWasAsked() {
        activate("n1");

        assertThat(only(RingState.ACTIVE).floors()).isEqualTo(FLOORS);
    }

    @Test
    void anotherInstanceIsAskedForFloorsWhenOneDoesNotAnswer() {
        syncs.put("s1", 3L);
        syncs.put("s2", 4L);
        join("n1", 1);
        settle();
        long ring = only(RingState.ANNOUNCED).id();
        confirm("s1", ring);
        confirm("s2", ring);
        decide();
        decide();
        assertThat(only(RingState.ANNOUNCED).floorReader()).isEqualTo("s1@3");

        pass(Duration.ofSeconds(4));
        decide();

        assertThat(only(RingState.ANNOUNCED).floorReader()).isEqualTo("s2@4");
    }

    @Test
    void syncInstanceThatVanishedIsWaitedOut() {
        activate("n1");
        syncs.put("s2", 9L);
        settle();
        syncs.remove("s2");
        join("n2", 2);
        settle();
        confirm("s1", only(RingState.ANNOUNCED).id());
        decide();
        assertThat(only(RingState.ANNOUNCED).floorReader())
                .as("s2 may go on committing")
                .isEmpty();

        pass(DEPARTURE);
        decide();

        assertThat(only(RingState.ANNOUNCED).floorReader()).isEqualTo("s1@3");
        assertThat(Objects.requireNonNull(document).syncs()).containsExactly("s1@3");
    }

    @Test
    void announcedRingWhoseMemberIsGoneIsWithdrawn() {
        activate("n1");
        join("n2", 2);
        settle();
        long first = only(RingState.ANNOUNCED).id();
        members.remove("n2");
        decide();
        assertThat(Objects.requireNonNull(document).announced()).isEmpty();

        join("n3", 3);
        settle();

        assertThat(only(RingState.ANNOUNCED).id()).isGreaterThan(first);
        assertThat(only(RingState.ANNOUNCED).members()).containsExactly(member("n1", 1), member("n3", 3));
    }

    @Test
    void ringWithoutTheLeavingNodeIsAnnounced() {
        activate("n1", "n2");
        leaving.add("n2");
        settle();

        assertThat(only(RingState.ANNOUNCED).members()).containsExactly(member("n1", 1));
    }

    @Test
    void lastRingStaysWhenEveryNodeIsGone() {
        activate("n1");
        members.clear();
        settle();
        settle();

        assertThat(only(RingState.ACTIVE).members()).containsExactly(member("n1", 1));
        assertThat(Objects.requireNonNull(document).rings()).hasSize(1);
    }

    @Test
    void neverMoreRingsThanTheLimitAndOneClosesEarlyAtATime() {
        activate("n1");
        for (int i = 2; i < 30; i++) {
            join("n" + i, i);
            settle();
            Objects.requireNonNull(document).announced().ifPresent(ring -> {
                confirm("s1", ring.id());
                floors.put("s1", new RingFloors(3, ring.id(), FLOORS));
                decide();
                decide();
            });
        }
        assertThat(Objects.requireNonNull(document).rings()).hasSize(TopologyDocument.MAX_RINGS);
        assertThat(document.rings(RingState.CLOSING)).as("the oldest alone").hasSize(1);
        assertThat(document.rings().get(0).state()).isEqualTo(RingState.CLOSING);
        assertThat(document.rings(RingState.DRAINING)).as("are still peeked").hasSizeGreaterThan(1);
    }

    @Test
    void malformedDocumentIsLeftToAnOperator() {
        join("n1", 1);
        pass(DEBOUNCE);
        ClusterView view = new ClusterView(
                100, null, 90, "", members, leaving, syncs, nodeConfirmations, syncConfirmations, floors, Map.of());

        assertThat(decision.next(view, seen, nowNanos).document()).isNull();
    }

    private void activate(String... names) {
        syncs.put("s1", 3L);
        for (int i = 0; i < names.length; i++) {
            join(names[i], i + 1);
        }
        settle();
        long ring = only(RingState.ANNOUNCED).id();
        confirm("s1", ring);
        decide();
        floors.put("s1", new RingFloors(3, ring, FLOORS));
        decide();
        assertThat(only(RingState.ACTIVE).id()).isEqualTo(ring);
    }

    private void settle() {
        decide();
        pass(DEBOUNCE);
        decide();
        decide();
    }

    private RingDecision.Decision decide() {
        revision++;
        ClusterView view = new ClusterView(
                revision,
                document,
                document == null ? 0 : revision,
                "",
                Map.copyOf(members),
                Set.copyOf(leaving),
                Map.copyOf(syncs),
                nodeConfirmations,
                syncConfirmations,
                floors,
                Map.of());
        seen.update(view, RingDecision.desired(view), nowNanos);
        RingDecision.Decision next = decision.next(view, seen, nowNanos);
        if (next.document() != null) {
            document = next.document();
        }
        return next;
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    private void join(String name, long incarnation) {
        members.put(name, member(name, incarnation));
    }

    private void confirm(String sync, long ring) {
        syncConfirmations.put(sync, new Confirmation(Objects.requireNonNull(syncs.get(sync)), revision, Set.of(ring)));
    }

    private RingRecord only(RingState state) {
        List<RingRecord> rings = Objects.requireNonNull(document).rings(state);
        assertThat(rings).hasSize(1);
        return rings.get(0);
    }

    private static Member member(String name, long incarnation) {
        return Member.of(name, "h", 1).withIncarnation(incarnation);
    }
}
