package io.sluice.store.policy;

/**
 * Finds the share of the window by trying: after each sample of requests it moves the share by a step, onwards while
 * the hit ratio does not fall and back when it does (Einziger, Eytan, Friedman, Manes, "Adaptive software cache
 * management", Middleware 2018). Steps shrink while little changes and start anew when the hit ratio jumps.
 *
 * <p>Not thread-safe. Invariant: the share stays within its bounds.
 */
final class WindowClimber {
    static final double LEAST_SHARE = 0.01;
    static final double MOST_SHARE = 0.80;

    private static final double FIRST_STEP = 0.0625;
    private static final double STEP_DECAY = 0.98;
    private static final double JUMP = 0.05;

    private double share = LEAST_SHARE;
    private double step = -FIRST_STEP;
    private double lastRatio;
    private int hits;
    private int requests;

    double share() {
        return share;
    }

    /** Counts a request; true when the share has changed by it. */
    boolean requested(boolean hit, int sample) {
        requests++;
        if (hit) {
            hits++;
        }
        if (requests < sample) {
            return false;
        }
        double ratio = (double) hits / requests;
        double change = ratio - lastRatio;
        if (change < 0) {
            step = -step;
        }
        share = Math.clamp(share + step, LEAST_SHARE, MOST_SHARE);
        step = Math.abs(change) >= JUMP ? Math.copySign(FIRST_STEP, step) : step * STEP_DECAY;
        lastRatio = ratio;
        requests = 0;
        hits = 0;
        return true;
    }
}
