package io.sluice.coherence;

import java.util.List;

/**
 * A run of consecutive transactions of one server, both ends inclusive. A value; ordered by server, then by first
 * transaction, which is the order of MySQL's own text form.
 */
record GtidInterval(long uuidHigh, long uuidLow, long first, long last) implements Comparable<GtidInterval> {
    boolean sameServer(GtidInterval other) {
        return uuidHigh == other.uuidHigh && uuidLow == other.uuidLow;
    }

    /** Adds what both have, if anything. */
    void addCommon(GtidInterval other, List<GtidInterval> to) {
        long from = Math.max(first, other.first);
        long until = Math.min(last, other.last);
        if (sameServer(other) && from <= until) {
            to.add(new GtidInterval(uuidHigh, uuidLow, from, until));
        }
    }

    /** Adds what this has and the other has not: one interval, two, or none. */
    void addWithout(GtidInterval other, List<GtidInterval> to) {
        if (!sameServer(other) || other.last < first || other.first > last) {
            to.add(this);
            return;
        }
        if (first < other.first) {
            to.add(new GtidInterval(uuidHigh, uuidLow, first, other.first - 1));
        }
        if (last > other.last) {
            to.add(new GtidInterval(uuidHigh, uuidLow, other.last + 1, last));
        }
    }

    @Override
    public int compareTo(GtidInterval other) {
        int high = Long.compareUnsigned(uuidHigh, other.uuidHigh);
        int low = high != 0 ? high : Long.compareUnsigned(uuidLow, other.uuidLow);
        int begin = low != 0 ? low : Long.compare(first, other.first);
        return begin != 0 ? begin : Long.compare(last, other.last);
    }
}
