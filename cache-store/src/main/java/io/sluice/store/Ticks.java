package io.sluice.store;

/**
 * Times as 32-bit ticks of 2^20 ns, about a millisecond, since a store was made. Ticks are compared by difference,
 * which is right within {@link #REACH} of each other. Immutable.
 *
 * @param originNanos tick 0, by the store's clock
 */
record Ticks(long originNanos) {
    private static final int SHIFT = 20;

    /** Nanoseconds of a tick. */
    static final long LENGTH = 1L << SHIFT;

    /** How far apart two times may be, in nanoseconds: about 25 days. */
    static final long REACH = (long) Integer.MAX_VALUE << SHIFT;

    /** The tick that a time is in, rounded down; its low 32 bits are what entries keep. */
    long of(long nanos) {
        return (nanos - originNanos) >> SHIFT;
    }

    /** When the tick nearest to a time began. */
    long nanos(int tick, long nearNanos) {
        long near = of(nearNanos);
        return originNanos + ((near + (tick - (int) near)) << SHIFT);
    }
}
