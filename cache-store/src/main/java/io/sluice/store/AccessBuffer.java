package io.sluice.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which entries were read since the policy was last told, so that a read waits for no lock: a ring of slots and hashes,
 * written by readers and drained under the segment's lock (after Ding, Jiang, Zhang, "BP-Wrapper", ICDE 2009). It also
 * counts hits and misses, exactly.
 *
 * <p>Not every read is worth telling: readers leave out the second of an entry in one tick, and a segment's reads
 * beyond {@value #MOST_IN_A_TICK} in one tick, about a millisecond. At such rates a sample ranks as well as the whole,
 * and telling would cost more than the read.
 *
 * <p>Safe for use by many threads; {@link #drain} by one at a time. When readers are a whole ring ahead, the oldest
 * reads go untold: that costs a policy some knowledge, never a count. A read told of a slot that has another entry
 * since is harmless as well.
 */
final class AccessBuffer {
    /** Reads between two drains, as a power of two. */
    private static final int DRAIN_EVERY = 32;

    private static final int LENGTH = 128;
    private static final int MASK = LENGTH - 1;

    private static final int MOST_IN_A_TICK = 32;

    /** Cells of the counts, each alone in its cache line. */
    private static final int HITS = 16;

    private static final int MISSES = 32;
    private static final int NOTED = 48;
    private static final int CELLS = 64;
    private static final VarHandle INT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

    private final int[] slots = new int[LENGTH];
    private final long[] hashes = new long[LENGTH];
    private final long[] counts = new long[CELLS];

    /** Notes up to this one have been drained. */
    private long drained;

    /** The latest tick in which something was noted, and the notes there were when it began; a race costs a sample. */
    private int tick;

    private long notedBefore;

    /** What is told of a read. */
    interface Reader {
        void read(int slot, long hash);
    }

    /** Counts a hit. */
    void hit() {
        LONG.getAndAdd(counts, HITS, 1L);
    }

    /** Notes a read for the policy; true when it is time to drain. */
    boolean note(int slot, long hash, int nowTick) {
        long noted = (long) LONG.getOpaque(counts, NOTED);
        if (nowTick != tick) {
            tick = nowTick;
            notedBefore = noted;
        } else if (noted - notedBefore >= MOST_IN_A_TICK) {
            return false;
        }
        long number = (long) LONG.getAndAdd(counts, NOTED, 1L);
        int place = (int) number & MASK;
        LONG.setOpaque(hashes, place, hash);
        INT.setOpaque(slots, place, slot);
        return (number & (DRAIN_EVERY - 1)) == DRAIN_EVERY - 1;
    }

    void miss() {
        LONG.getAndAdd(counts, MISSES, 1L);
    }

    long hits() {
        return (long) LONG.getVolatile(counts, HITS);
    }

    long misses() {
        return (long) LONG.getVolatile(counts, MISSES);
    }

    /** Tells of the reads since the last time, in order. */
    void drain(Reader reader) {
        long until = (long) LONG.getVolatile(counts, NOTED);
        for (long number = Math.max(drained, until - LENGTH); number < until; number++) {
            int place = (int) number & MASK;
            reader.read((int) INT.getOpaque(slots, place), (long) LONG.getOpaque(hashes, place));
        }
        drained = until;
    }
}
