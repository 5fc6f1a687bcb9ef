package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Removals on their way together: who has been told which of them, and the rule for when all of them are done.
 *
 * <p>They are done when, by the topology at that moment, each has at least one holder, every holder in every ring has
 * acknowledged or is gone for good, and no receiver has spoken of a newer topology than ours. Why "at that moment":
 *
 * <ol>
 *   <li>a removal is sent to A and B, the holders by revision 7;
 *   <li>C becomes a holder by revision 8 and loads the old value;
 *   <li>A and B acknowledge. Done now would leave C's old value for ever.
 * </ol>
 *
 * <p>Why "in every ring":
 *
 * <ol>
 *   <li>the ring changes; C takes a key over from B, whose ring drains;
 *   <li>C acknowledges the removal of the key. Done now would leave B's old value, and B is peeked by C, or holds the
 *       key again after the next change.
 * </ol>
 *
 * <p>With no holder at all it waits: a node that comes may have loaded before.
 *
 * <p>A parcel that waits for one member for long can be {@linkplain #collapse collapsed}: its keys are forgotten and
 * their groups stand for them. Who has been told the keys by then needs to be told no more, until a ring comes that was
 * not there: its members may hold any of the keys, nobody knows which, so they are told the groups.
 *
 * <p>Safe for use by many threads; every method takes the parcel's lock and calls nobody. Invariant: it is completed at
 * most once; a member that must be told has been, or is by a delivery that has not ended, or {@link #advance} will name
 * it.
 */
final class Parcel {
    private final long number;
    private final Runnable whenDone;
    private RemovalBundle bundle;
    private boolean collapsed;
    /** By member, the removals of the bundle that it was sent and has not given up. */
    private final Map<Member, BitSet> told = new HashMap<>(4);

    /** Members that have given up something since the holders were resolved. */
    private Set<Member> lost = Set.of();

    private int outstanding;
    private @Nullable Recipients resolvedBy;
    private boolean anyHolder;
    private long requiredRevision = Long.MIN_VALUE;
    private boolean completed;

    /** @param number greater than that of any parcel before */
    Parcel(long number, RemovalBundle bundle, Runnable whenDone) {
        this.number = number;
        this.bundle = requireNonNull(bundle, "bundle is null");
        this.whenDone = requireNonNull(whenDone, "whenDone is null");
    }

    /** In the order of submission. */
    long number() {
        return number;
    }

    /** What it asks for; less than before when it was collapsed. */
    synchronized RemovalBundle bundle() {
        return bundle;
    }

    /** To be run once, by whoever was told {@link Advance#DONE}. */
    Runnable whenDone() {
        return whenDone;
    }

    /** The member has applied it and knows a topology of this revision. */
    synchronized void acknowledge(Delivery delivery, long revisionOfReceiver) {
        if (delivery.end()) {
            outstanding--;
        }
        requiredRevision = Math.max(requiredRevision, revisionOfReceiver);
    }

    /** The member is no longer sent this; if it is still waited for, {@link #advance} will name it again. */
    synchronized void giveUp(Delivery delivery) {
        if (!delivery.end()) {
            return;
        }
        outstanding--;
        told.remove(delivery.member());
        lost = new HashSet<>(lost);
        lost.add(delivery.member());
    }

    /** Replaces a delivery that is not sent by two; it has more than one removal. */
    synchronized List<Delivery> split(Delivery delivery, int firstSize) {
        int at = 0;
        for (int i = 0; i < firstSize; i++) {
            at = delivery.next(at) + 1;
        }
        delivery.end();
        outstanding++;
        return List.of(
                new Delivery(this, delivery.member(), delivery.bundle(), delivery.part(0, at)),
                new Delivery(this, delivery.member(), delivery.bundle(), delivery.part(at, Integer.MAX_VALUE)));
    }

    /** Replaces a delivery of one removal that the member refuses by one of its group. */
    synchronized Delivery coarsen(Delivery delivery) {
        delivery.end();
        return whole(delivery.member(), delivery.bundle().groupOf(delivery.next(0)));
    }

    /**
     * Forgets the keys, and replaces a delivery that is not sent by one of their groups.
     *
     * @param replaced told the bundle before and after, if this is the first time
     */
    synchronized Delivery collapse(Delivery delivery, BiConsumer<RemovalBundle, RemovalBundle> replaced) {
        delivery.end();
        if (!collapsed) {
            collapsed = true;
            RemovalBundle before = bundle;
            bundle = before.coarser();
            replaced.accept(before, bundle);
            told.clear();
            for (Member member :
                    requireNonNull(resolvedBy, "nothing is sent before").members()) {
                if (!lost.contains(member)) {
                    told.put(member, all(bundle));
                }
            }
        }
        return whole(delivery.member(), bundle);
    }

    private Delivery whole(Member member, RemovalBundle what) {
        return new Delivery(this, member, what, all(what));
    }

    private static BitSet all(RemovalBundle bundle) {
        BitSet all = new BitSet(bundle.size());
        all.set(0, bundle.size());
        return all;
    }

    /**
     * Resolves the holders and says what is to be done next. Revisions up to {@code seenRevision} hold nothing that is
     * not in the recipients' topology.
     */
    synchronized Advance advance(Recipients recipients, long seenRevision) {
        if (completed) {
            return Advance.NOTHING;
        }
        boolean resolved = lost.isEmpty() && recipients.equals(resolvedBy);
        List<Delivery> send = resolved ? List.of() : resolve(recipients);
        if (outstanding > 0) {
            return new Advance(Advance.Next.IN_FLIGHT, send);
        }
        if (!anyHolder || Math.max(recipients.topology().revision(), seenRevision) < requiredRevision) {
            return Advance.WAIT_FOR_TOPOLOGY;
        }
        completed = true;
        return Advance.DONE;
    }

    private List<Delivery> resolve(Recipients recipients) {
        if (collapsed && resolvedBy != null) {
            recipients.mayHoldMoreThan(resolvedBy).forEach(told::remove);
        }
        List<Delivery> send = new ArrayList<>(4);
        required(recipients).forEach((member, removals) -> {
            BitSet before = told.get(member);
            if (before == null) {
                told.put(member, (BitSet) removals.clone());
            } else {
                removals.andNot(before);
                before.or(removals);
            }
            if (!removals.isEmpty()) {
                outstanding++;
                send.add(new Delivery(this, member, bundle, removals));
            }
        });
        if (resolvedBy != null
                && recipients.topology().revision() < resolvedBy.topology().revision()) {
            // History went back (etcd lost its data): what was heard of the lost one will never come.
            requiredRevision = Long.MIN_VALUE;
        }
        lost = Set.of();
        resolvedBy = recipients;
        return send;
    }

    /** By member, the removals that it has to acknowledge. */
    private Map<Member, BitSet> required(Recipients recipients) {
        // A topology has few lists of holders, each one object.
        IdentityHashMap<List<Member>, BitSet> byNamed = new IdentityHashMap<>();
        List<List<Member>> inOrder = new ArrayList<>();
        for (int i = 0; i < bundle.size(); i++) {
            List<Member> named = recipients.named(bundle.kind(i).isKey(), bundle.hash(i));
            byNamed.computeIfAbsent(named, added -> {
                        inOrder.add(added);
                        return new BitSet(bundle.size());
                    })
                    .set(i);
        }
        anyHolder = inOrder.stream().noneMatch(List::isEmpty);
        Map<Member, BitSet> required = new LinkedHashMap<>();
        for (List<Member> named : inOrder) {
            BitSet removals = requireNonNull(byNamed.get(named), "no such list");
            for (Member member : recipients.present(named)) {
                required.computeIfAbsent(member, added -> new BitSet(bundle.size()))
                        .or(removals);
            }
        }
        return required;
    }
}
