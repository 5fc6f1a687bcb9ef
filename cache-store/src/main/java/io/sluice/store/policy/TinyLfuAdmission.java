package io.sluice.store.policy;

/**
 * TinyLFU: of two entries the one seen more often lately may stay. Every request is counted in a
 * {@link FrequencySketch}, which is halved after ten requests for each entry held.
 *
 * <p>Not thread-safe.
 */
final class TinyLfuAdmission {
    /** From this estimate on a loser gets in now and then, so that a victim's false estimate cannot last. */
    private static final int WARM = 6;

    private static final int WARM_ADMISSIONS_MASK = 127;

    private final FrequencySketch sketch = new FrequencySketch();
    private int counted;
    private long random = 0x9E37_79B9_7F4A_7C15L;

    /** Counts a request of the hash; the sketch is halved when so many were counted since it was last. */
    void requested(long hash, int sample) {
        sketch.increment(hash);
        counted++;
        // At least one request for each word, so that halving costs a request little however few entries are left.
        if (counted >= Math.max(sample, sketch.length())) {
            sketch.age();
            counted /= 2;
        }
    }

    /** Makes estimates good for a number of entries. */
    void ensureRoomFor(int entries) {
        sketch.ensureRoomFor(entries);
    }

    /** Whether the challenger is worth more than the victim. */
    boolean admits(long challenger, long victim) {
        int seen = sketch.estimate(challenger);
        if (seen > sketch.estimate(victim)) {
            return true;
        }
        if (seen < WARM) {
            return false;
        }
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (random & WARM_ADMISSIONS_MASK) == 0;
    }
}
