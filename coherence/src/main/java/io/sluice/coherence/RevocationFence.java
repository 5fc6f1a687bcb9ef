package io.sluice.coherence;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a lease holder remembers of recent revocations, so that a copy which another granter sent before it had heard of
 * the Remove does not follow. Not thread-safe.
 *
 * <p>Unlike the fence of a store it forgets: after one to two times its memory, which is longer than a lease and its
 * request last, or when there are too many. It may, since a granter that has not acknowledged the Remove may still lend
 * the old value; and it must, since nobody tells a holder of phantoms ({@link Fence}).
 */
final class RevocationFence {
    static final int MOST_RECORDS = 4_096;

    private final long memoryNanos;
    private Generation young = new Generation();
    private Generation old = new Generation();
    private long turnedNanos;

    private static final class Generation {
        private final Fence keys = new Fence(new FenceLimits(MOST_RECORDS, Duration.ofDays(1), Duration.ZERO));
        private final Map<String, Barrier> groups = new HashMap<>();

        boolean isFull() {
            return keys.size() == MOST_RECORDS || groups.size() == MOST_RECORDS;
        }

        boolean admits(String group, long hash, SourcePosition stamp, long askedNanos, long nowNanos) {
            return keys.admits(hash, stamp, askedNanos, nowNanos, groups.getOrDefault(group, Barrier.NONE));
        }
    }

    RevocationFence(Duration memory, long nowNanos) {
        this.memoryNanos = memory.toNanos();
        this.turnedNanos = nowNanos;
    }

    void revoked(String group, String key, SourcePosition position, long nowNanos) {
        turn(nowNanos);
        young.keys.record(hash(group, key), position, nowNanos);
    }

    void revoked(String group, SourcePosition position, long nowNanos) {
        turn(nowNanos);
        young.groups.merge(group, Barrier.of(position, nowNanos), Barrier::merge);
    }

    boolean admits(String group, String key, SourcePosition stamp, long askedNanos, long nowNanos) {
        turn(nowNanos);
        long hash = hash(group, key);
        return young.admits(group, hash, stamp, askedNanos, nowNanos)
                && old.admits(group, hash, stamp, askedNanos, nowNanos);
    }

    private void turn(long nowNanos) {
        long since = nowNanos - turnedNanos;
        if (since > memoryNanos || young.isFull()) {
            old = since > 2 * memoryNanos ? new Generation() : young;
            young = new Generation();
            turnedNanos = nowNanos;
        }
    }

    /** Keys of one hash share a record, which refuses more. */
    private static long hash(String group, String key) {
        return ((long) group.hashCode() << 32) ^ key.hashCode();
    }
}
