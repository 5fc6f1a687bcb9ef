package io.sluice.coherence;

/**
 * A run of consecutive transactions of one server, both ends inclusive. A value; ordered by server, then by first
 * transaction, which is the order of MySQL's own text form.
 */
record GtidInterval(long uuidHigh, long uuidLow, long first, long last) implements Comparable<GtidInterval> {
    boolean sameServer(GtidInterval other) {
        return uuidHigh == other.uuidHigh && uuidLow == other.uuidLow;
    }

    @Override
    public int compareTo(GtidInterval other) {
        int high = Long.compareUnsigned(uuidHigh, other.uuidHigh);
        int low = high != 0 ? high : Long.compareUnsigned(uuidLow, other.uuidLow);
        int begin = low != 0 ? low : Long.compare(first, other.first);
        return begin != 0 ? begin : Long.compare(last, other.last);
    }
}
