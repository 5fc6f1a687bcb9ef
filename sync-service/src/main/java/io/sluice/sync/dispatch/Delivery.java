package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import java.util.BitSet;

/**
 * What one member is told of a parcel, in one go: some of its removals, or coarser ones in their place. One that cannot
 * go out whole is replaced by others, and then never comes to an end itself.
 *
 * <p>Belongs to its {@link Parcel}, under whose lock its end is noted; the rest is immutable.
 */
final class Delivery {
    private final Parcel parcel;
    private final Member member;
    private final RemovalBundle bundle;
    private final BitSet asked;
    private final int size;
    private boolean ended;

    /** The bits belong to the delivery from now on. */
    Delivery(Parcel parcel, Member member, RemovalBundle bundle, BitSet asked) {
        this.parcel = requireNonNull(parcel, "parcel is null");
        this.member = requireNonNull(member, "member is null");
        this.bundle = requireNonNull(bundle, "bundle is null");
        this.asked = asked;
        this.size = asked.cardinality();
    }

    Parcel parcel() {
        return parcel;
    }

    Member member() {
        return member;
    }

    /** Where the removals are that it asks for. */
    RemovalBundle bundle() {
        return bundle;
    }

    /** How many removals it asks for. */
    int size() {
        return size;
    }

    /**
     * The index in the bundle of the first removal that it asks for, at or after another index; -1 when there is none.
     */
    int next(int from) {
        return asked.nextSetBit(from);
    }

    /** About how many bytes of a request it takes. */
    long wireBytes() {
        long sum = 0;
        String last = "";
        for (int i = next(0); i >= 0; i = next(i + 1)) {
            String text = bundle.position(i).text();
            sum += bundle.wireBytes(i) + (text.equals(last) ? 0 : text.length());
            last = text;
        }
        return sum;
    }

    /** Those of its removals whose index in the bundle is in this range, its end excluded. */
    BitSet part(int from, int to) {
        BitSet part = new BitSet();
        part.or(asked);
        part.clear(0, from);
        part.clear(to, Math.max(to, part.length()));
        return part;
    }

    /** Notes its end; false when it has ended before. Under the parcel's lock. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }
}
