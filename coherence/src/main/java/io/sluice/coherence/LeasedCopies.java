package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The copies that a holder keeps under lease: the holder's half of leases. The granter's is {@link LeaseTable}.
 *
 * <p>A copy is used only while its lease stands, counted from when it was asked for, by the monotonic and by the wall
 * clock: a suspended machine stops the first. It keeps the stamp that its granter gave; what the holder itself hears of
 * the source says nothing about it. It goes when it is revoked, and all copies of a granter go when the stream to it
 * breaks, since nobody could revoke them any more:
 *
 * <pre>
 *    a copy is kept; the stream breaks, unnoticed by the granter
 *    Remove: the granter sends a revocation into the void and waits for the end of the lease
 * 1: would be answered with the copy until then; and a copy asked for before the break, which comes after it, for ever
 *    longer than that if leases began when they come
 * </pre>
 *
 * So an answer is kept only if the stream that it was asked on is the one that stands.
 *
 * <p>Bounded in number and bytes; where there is no room the eldest goes. Leases are short, so that is about as good as
 * any rule.
 *
 * <p>Safe for use by many threads. {@link #find} takes no lock.
 *
 * @param <V> what a copy is made of
 */
public final class LeasedCopies<V> {
    /** Longer than any lease and the request for it take together. */
    private static final Duration MEMORY = Duration.ofSeconds(30);

    private final int most;
    private final long mostBytes;
    private final Object lock = new Object();
    private final ConcurrentHashMap<String, ConcurrentHashMap<String, Copy<V>>> byGroup = new ConcurrentHashMap<>();
    private final Set<Copy<V>> byAge = new LinkedHashSet<>();
    private @Nullable RevocationFence fence;
    private long bytes;
    private volatile int size;

    /** One stream to a granter; the copies that came on it live no longer than it. */
    public static final class Stream {
        private volatile boolean broken;

        private Stream() {}

        /** Whether copies that came on it may be used. */
        public boolean stands() {
            return !broken;
        }
    }

    /** On which stream a copy was asked for, and when. */
    public record Asked(Stream stream, Moment at) {
        public Asked {
            requireNonNull(stream, "stream is null");
            requireNonNull(at, "at is null");
        }
    }

    /** A copy under lease. Immutable; equality is identity. */
    public static final class Copy<V> {
        private final Asked asked;
        private final String group;
        private final String key;
        private final V value;
        private final SourcePosition stamp;
        private final int bytes;
        private final long leaseNanos;

        private Copy(
                Asked asked, String group, String key, V value, SourcePosition stamp, int bytes, long leaseMillis) {
            this.asked = asked;
            this.group = group;
            this.key = key;
            this.value = value;
            this.stamp = stamp;
            this.bytes = bytes;
            this.leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
        }

        /** What the granter answered. */
        public V value() {
            return value;
        }

        /** What the granter said that it reflects. */
        public SourcePosition stamp() {
            return stamp;
        }

        /** Time since it was asked for: by so much at the most it is older than the granter said. */
        public long sinceAskedNanos(long nowNanos, long nowWallMillis) {
            return asked.at.agoNanos(nowNanos, nowWallMillis);
        }

        private boolean stands(long nowNanos, long nowWallMillis) {
            // A wall clock that was set back says nothing.
            return asked.at.agoNanos(nowNanos, nowWallMillis) < leaseNanos && asked.stream.stands();
        }
    }

    /**
     * @param most most copies, at least 1
     * @param mostBytes most bytes of them, as they are given
     */
    public LeasedCopies(int most, long mostBytes) {
        if (most < 1 || mostBytes < 1) {
            throw new IllegalArgumentException(
                    "room for " + most + " copies and " + mostBytes + " bytes: give at least 1 of each");
        }
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** A stream to a granter has begun. */
    public Stream begin() {
        return new Stream();
    }

    /** A stream has ended, for whatever reason: when this returns, nothing that came on it is used. */
    public void end(Stream stream) {
        stream.broken = true;
        synchronized (lock) {
            for (Copy<V> copy : List.copyOf(byAge)) {
                if (copy.asked.stream == stream) {
                    drop(copy);
                }
            }
        }
    }

    /** The copy of a key whose lease stands, or null. */
    public @Nullable Copy<V> find(String group, String key, long nowNanos, long nowWallMillis) {
        ConcurrentHashMap<String, Copy<V>> ofGroup = byGroup.get(group);
        if (ofGroup == null) {
            return null;
        }
        Copy<V> copy = ofGroup.get(key);
        return copy == null || !copy.stands(nowNanos, nowWallMillis) ? null : copy;
    }

    /**
     * Keeps an answer that a lease was granted on, if it may. To be called for what comes on a stream in the order in
     * which it comes.
     *
     * @param size about how many bytes it takes
     * @param leaseMillis of the lease; nothing is kept without one
     */
    public boolean offer(
            Asked asked,
            String group,
            String key,
            V value,
            SourcePosition stamp,
            int size,
            long leaseMillis,
            long nowNanos,
            long nowWallMillis) {
        Copy<V> copy = new Copy<>(asked, group, key, value, stamp, size, leaseMillis);
        synchronized (lock) {
            if (size > mostBytes
                    || !copy.stands(nowNanos, nowWallMillis)
                    || !fence(nowNanos).admits(group, key, stamp, asked.at.nanos(), nowNanos)) {
                return false;
            }
            ConcurrentHashMap<String, Copy<V>> ofGroup =
                    byGroup.computeIfAbsent(group, added -> new ConcurrentHashMap<>());
            Copy<V> before = ofGroup.get(key);
            if (before != null) {
                boolean fresher = before.stamp.covers(stamp) && !stamp.covers(before.stamp);
                if (fresher && before.stands(nowNanos, nowWallMillis)) {
                    return false;
                }
                drop(before);
            }
            makeRoom(size, nowNanos, nowWallMillis);
            ofGroup.put(key, copy);
            byAge.add(copy);
            bytes += size;
            this.size = byAge.size();
            return true;
        }
    }

    private void makeRoom(int size, long nowNanos, long nowWallMillis) {
        while (!byAge.isEmpty() && (byAge.size() >= most || bytes + size > mostBytes)) {
            drop(byAge.iterator().next());
        }
        dropOver(nowNanos, nowWallMillis);
    }

    /** Drops the eldest, as far as their leases are over. */
    private void dropOver(long nowNanos, long nowWallMillis) {
        while (!byAge.isEmpty()) {
            Copy<V> eldest = byAge.iterator().next();
            if (eldest.stands(nowNanos, nowWallMillis)) {
                return;
            }
            drop(eldest);
        }
    }

    /**
     * Drops what its granter revokes; when this returns it may be confirmed.
     *
     * @param keys of the group; empty for all of it
     * @param position of the change; a copy of a key that covers it stays
     */
    public void revoke(String group, List<String> keys, SourcePosition position, long nowNanos) {
        synchronized (lock) {
            ConcurrentHashMap<String, Copy<V>> ofGroup = byGroup.get(group);
            if (keys.isEmpty()) {
                fence(nowNanos).revoked(group, position, nowNanos);
                dropAll(group);
                return;
            }
            for (String key : keys) {
                fence(nowNanos).revoked(group, key, position, nowNanos);
                Copy<V> copy = ofGroup == null ? null : ofGroup.get(key);
                if (copy != null && !copy.stamp.covers(position)) {
                    drop(copy);
                }
            }
        }
    }

    /** Drops the copy of a key, whoever lent it. */
    public void forget(String group, String key) {
        synchronized (lock) {
            ConcurrentHashMap<String, Copy<V>> ofGroup = byGroup.get(group);
            Copy<V> copy = ofGroup == null ? null : ofGroup.get(key);
            if (copy != null) {
                drop(copy);
            }
        }
    }

    /** Drops the copies of a group, whoever lent them. */
    public void forget(String group) {
        synchronized (lock) {
            dropAll(group);
        }
    }

    private void dropAll(String group) {
        ConcurrentHashMap<String, Copy<V>> ofGroup = byGroup.get(group);
        if (ofGroup != null) {
            List.copyOf(ofGroup.values()).forEach(this::drop);
        }
    }

    private void drop(Copy<V> copy) {
        if (byAge.remove(copy)) {
            bytes -= copy.bytes;
            size = byAge.size();
            ConcurrentHashMap<String, Copy<V>> ofGroup = byGroup.get(copy.group);
            if (ofGroup != null) {
                ofGroup.remove(copy.key, copy);
            }
        }
    }

    private RevocationFence fence(long nowNanos) {
        RevocationFence known = fence;
        if (known == null) {
            known = new RevocationFence(MEMORY, nowNanos);
            fence = known;
        }
        return known;
    }

    /** How many copies there are, those that nobody asked for since their lease ended included. */
    public int size() {
        return size;
    }

    /** Whether another copy can be kept without dropping one whose lease stands. */
    public boolean hasRoom(long nowNanos, long nowWallMillis) {
        synchronized (lock) {
            dropOver(nowNanos, nowWallMillis);
            return byAge.size() < most;
        }
    }
}
