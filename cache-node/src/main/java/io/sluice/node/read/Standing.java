package io.sluice.node.read;

/**
 * Whether a definition of a group is still the one that this node goes by. Thread-safe; it ends once and for all.
 *
 * <p>A {@link CacheGroup} travels with reads, so one of an earlier definition is around for as long as the slowest of
 * them. Whoever stores something under it looks here in the same step as storing.
 */
public final class Standing {
    private volatile boolean ended;

    boolean stands() {
        return !ended;
    }

    void end() {
        ended = true;
    }
}
