package io.sluice.sync.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.cluster.TopologyDocument;
import io.sluice.sync.dispatch.Advance.Next;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a parcel of many keys asks of whom; {@link DoneRuleTest} has the rule for a single removal. */
final class ParcelTest {
    private static final Member A = Member.of("a", "127.0.0.1", 1);
    private static final Member B = Member.of("b", "127.0.0.1", 2);
    private static final Member C = Member.of("c", "127.0.0.1", 3);
    private static final Member D = Member.of("d", "127.0.0.1", 4);
    private static final int KEYS = 100;

    private final Parcel parcel = new Parcel(1, keys(), () -> {});

    @Test
    void everyMemberIsToldTheKeysThatItHoldsAndNoOthers() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A, B, C));

        List<Delivery> sent = advance(topology, Next.IN_FLIGHT);

        assertThat(sent).extracting(Delivery::member).containsExactlyInAnyOrder(A, B, C);
        for (Delivery delivery : sent) {
            Set<String> held = new HashSet<>();
            for (int i = 0; i < KEYS; i++) {
                if (topology.removalHolders(KeyHash.of("g", "k" + i)).contains(delivery.member())) {
                    held.add("k" + i);
                }
            }
            assertThat(keysOf(delivery)).isEqualTo(held);
        }
    }

    @Test
    void itIsDoneWhenTheLastMemberHasAcknowledged() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A, B, C));
        List<Delivery> sent = advance(topology, Next.IN_FLIGHT);
        parcel.acknowledge(sent.get(0), 1);
        parcel.acknowledge(sent.get(1), 1);
        assertThat(advance(topology, Next.IN_FLIGHT)).isEmpty();
        parcel.acknowledge(sent.get(2), 1);
        advance(topology, Next.DONE);
    }

    @Test
    void anAcknowledgementThatComesTwiceCountsOnce() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A, B, C));
        List<Delivery> sent = advance(topology, Next.IN_FLIGHT);
        for (int i = 0; i < 3; i++) {
            parcel.acknowledge(sent.getFirst(), 1);
            parcel.giveUp(sent.getFirst());
        }
        advance(topology, Next.IN_FLIGHT);
    }

    @Test
    void aNewRingsMembersAreToldOnlyTheKeysThatTheyWereNotToldBefore() {
        advance(topology(1, ring(1, RingState.ACTIVE, A, B)), Next.IN_FLIGHT)
                .forEach(sent -> parcel.acknowledge(sent, 1));

        Topology next = topology(2, ring(1, RingState.ACTIVE, A, B), ring(2, RingState.ANNOUNCED, A, B, C));

        assertThat(advance(next, Next.IN_FLIGHT)).extracting(Delivery::member).containsExactly(C);
    }

    @Test
    void whatAMemberGaveUpItIsToldAgain() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A, B));
        List<Delivery> sent = advance(topology, Next.IN_FLIGHT);
        Delivery first = sent.getFirst();
        sent.forEach(parcel::giveUp);
        List<Delivery> again = advance(topology, Next.IN_FLIGHT);
        assertThat(again).hasSize(2);
        assertThat(keysOf(again.getFirst())).hasSize(first.size());
    }

    @Test
    void bothPartsOfASplitDeliveryHaveToBeAcknowledged() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A));
        Delivery sent = advance(topology, Next.IN_FLIGHT).getFirst();
        List<Delivery> parts = parcel.split(sent, 30);
        assertThat(parts).extracting(Delivery::size).containsExactly(30, KEYS - 30);
        Set<String> keys = keysOf(parts.getFirst());
        keys.addAll(keysOf(parts.getLast()));
        assertThat(keys).hasSize(KEYS);

        parcel.acknowledge(parts.getFirst(), 1);
        advance(topology, Next.IN_FLIGHT);
        parcel.acknowledge(parts.getLast(), 1);
        advance(topology, Next.DONE);
    }

    @Test
    void aCollapsedParcelTellsOnlyWhoHasNotAcknowledgedTheGroup() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A, B));
        List<Delivery> sent = advance(topology, Next.IN_FLIGHT);
        parcel.acknowledge(sent.getFirst(), 1);

        Delivery coarse = collapse(sent.getLast());

        assertThat(coarse.member()).isEqualTo(sent.getLast().member());
        assertThat(coarse.bundle().kind(0).isKey()).isFalse();
        assertThat(parcel.bundle().size()).isEqualTo(1);
        assertThat(advance(topology, Next.IN_FLIGHT)).isEmpty();
        Topology draining = topology(2, ring(1, RingState.DRAINING, A, B));
        assertThat(advance(draining, Next.IN_FLIGHT)).isEmpty();
        parcel.acknowledge(coarse, 1);
        advance(draining, Next.DONE);
    }

    /**
     * 1: A and B hold all keys; A acknowledges. 2: B hangs, and the keys are forgotten. 3: C becomes a holder, of which
     * of the keys nobody knows any more; A may hold more than before.
     */
    @Test
    void theMembersOfARingThatComesAfterACollapseAreToldTheGroup() {
        List<Delivery> sent = advance(topology(1, ring(1, RingState.ACTIVE, A, B)), Next.IN_FLIGHT);
        parcel.acknowledge(sent.getFirst(), 1);
        Delivery coarse = collapse(sent.getLast());
        Topology next = topology(2, ring(1, RingState.ACTIVE, A, B), ring(2, RingState.ANNOUNCED, A, C));

        List<Delivery> more = advance(next, Next.IN_FLIGHT);

        assertThat(more).extracting(Delivery::member).containsExactlyInAnyOrder(A, C);
        assertThat(more)
                .allSatisfy(delivery ->
                        assertThat(delivery.bundle().kind(0).isKey()).isFalse());
        parcel.acknowledge(coarse, 2);
        advance(next, Next.IN_FLIGHT);
        more.forEach(delivery -> parcel.acknowledge(delivery, 2));
        advance(next, Next.DONE);
    }

    /** 1: A gives its keys up. 2: before they are told again, the keys are forgotten because of B. */
    @Test
    void whatWasGivenUpBeforeACollapseIsToldAsTheGroup() {
        Topology topology = topology(1, ring(1, RingState.ACTIVE, A, B));
        List<Delivery> sent = advance(topology, Next.IN_FLIGHT);
        parcel.giveUp(sent.getFirst());
        collapse(sent.getLast());

        List<Delivery> again = advance(topology, Next.IN_FLIGHT);

        assertThat(again)
                .extracting(Delivery::member)
                .containsExactly(sent.getFirst().member());
        assertThat(again.getFirst().bundle().kind(0).isKey()).isFalse();
    }

    @Test
    void whoLingersSinceACollapseIsToldTheGroup() {
        Topology before = topology(5, ring(1, RingState.ACTIVE, A, B), ring(2, RingState.DRAINING, C, D));
        Recipients recipients = Recipients.of(before);
        List<Delivery> sent = parcel.advance(recipients, 0).send();
        sent.forEach(delivery -> {
            if (!delivery.member().equals(B)) {
                parcel.acknowledge(delivery, 5);
            }
        });
        collapse(sent.stream()
                .filter(delivery -> delivery.member().equals(B))
                .findFirst()
                .orElseThrow());

        Recipients vanished = recipients.adopt(topology(6, ring(1, RingState.ACTIVE, A, B)), 0);

        assertThat(parcel.advance(vanished, 0).send())
                .extracting(Delivery::member)
                .containsExactlyInAnyOrder(C, D);
    }

    private Delivery collapse(Delivery delivery) {
        return parcel.collapse(
                delivery, (before, after) -> assertThat(after.footprintBytes()).isLessThan(before.footprintBytes()));
    }

    private List<Delivery> advance(Topology topology, Next expected) {
        Advance advance = parcel.advance(Recipients.of(topology), 0);
        assertThat(advance.next()).isEqualTo(expected);
        return advance.send();
    }

    private static Set<String> keysOf(Delivery delivery) {
        Set<String> keys = new HashSet<>();
        for (int i = delivery.next(0); i >= 0; i = delivery.next(i + 1)) {
            keys.add(delivery.bundle().key(i));
        }
        return keys;
    }

    private static RemovalBundle keys() {
        BundleBuilder builder = new BundleBuilder();
        for (int i = 0; i < KEYS; i++) {
            builder.add(Removal.ofKey("g", "k" + i, ""));
        }
        return builder.build();
    }

    private static Topology topology(long revision, RingRecord... rings) {
        return Topology.of(revision, new TopologyDocument(100, List.of(rings)), 2);
    }

    private static RingRecord ring(long id, RingState state, Member... members) {
        return new RingRecord(id, state, List.of(members), Map.of(), "");
    }
}
