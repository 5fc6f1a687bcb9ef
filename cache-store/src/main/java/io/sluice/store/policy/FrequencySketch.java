package io.sluice.store.policy;

/**
 * Estimates how often a hash was seen lately: a count-min sketch of 4-bit counters, halved every so often so that the
 * past fades (Cormode and Muthukrishnan 2005; the ageing is TinyLFU's: Einziger, Friedman, Manes, "TinyLFU: a highly
 * efficient cache admission policy", 2017).
 *
 * <p>A hash has four counters, one in each pair of words of one block of eight words, a cache line; the estimate is the
 * least of them. There is a word, sixteen counters, for every two entries expected: with one for each entry hit ratios
 * are no better, with one for four they are a quarter of a point worse. It never shrinks; when it doubles, each half
 * begins as a copy of what was, so no estimate is lost.
 *
 * <p>Not thread-safe. Halving takes time in proportion to the table, once in ten times as many requests.
 */
final class FrequencySketch {
    static final int MOST = 15;

    private static final int BLOCK = 8;
    private static final int ROWS = 4;
    private static final int FIRST_LENGTH = 64;
    private static final int MAX_LENGTH = 1 << 26;
    private static final long LOW_THREE_BITS_OF_EACH = 0x7777_7777_7777_7777L;

    private long[] words = new long[FIRST_LENGTH];

    /** Makes it large enough for a number of entries. */
    void ensureRoomFor(int entries) {
        while (words.length * 2 < entries && words.length < MAX_LENGTH) {
            long[] doubled = new long[words.length * 2];
            System.arraycopy(words, 0, doubled, 0, words.length);
            System.arraycopy(words, 0, doubled, words.length, words.length);
            words = doubled;
        }
    }

    int length() {
        return words.length;
    }

    /** How often the hash was seen, 15 at most; too high when others share all its counters. */
    int estimate(long hash) {
        long mixed = mix(hash);
        int block = block(mixed);
        int least = MOST;
        for (int row = 0; row < ROWS; row++) {
            int choice = (int) (mixed >>> (row * 5));
            long word = words[block + row * 2 + (choice & 1)];
            least = Math.min(least, (int) (word >>> shift(choice)) & MOST);
        }
        return least;
    }

    void increment(long hash) {
        long mixed = mix(hash);
        int block = block(mixed);
        for (int row = 0; row < ROWS; row++) {
            int choice = (int) (mixed >>> (row * 5));
            int index = block + row * 2 + (choice & 1);
            int shift = shift(choice);
            if ((words[index] >>> shift & MOST) != MOST) {
                words[index] += 1L << shift;
            }
        }
    }

    /** Halves all counters. */
    void age() {
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i] >>> 1 & LOW_THREE_BITS_OF_EACH;
        }
    }

    private static int shift(int choice) {
        return (choice >>> 1 & 15) << 2;
    }

    private int block(long mixed) {
        return (int) (mixed >>> 32) * BLOCK & (words.length - 1);
    }

    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return mixed ^ mixed >>> 32;
    }
}
