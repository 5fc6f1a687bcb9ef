package io.sluice.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How much a client keeps near. Immutable.
 *
 * @param copies most copies, 1 to 10,000,000
 * @param bytes most bytes of them, about, at least 1
 * @param valueBytes largest value that is kept, at least 0
 * @param lease longest lease that is asked for, 10 ms to 10 s; nodes may give less. So long a Remove may have to wait
 *     for this client when it is cut off or stands still
 */
public record NearCacheSettings(int copies, long bytes, int valueBytes, Duration lease) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** 10,000 copies of at most 64 KiB, 64 MiB in all, under leases of 2 s. */
    public static final NearCacheSettings DEFAULTS =
            new NearCacheSettings(10_000, 64L << 20, 64 << 10, Duration.ofSeconds(2));

    public NearCacheSettings {
        requireNonNull(lease, "lease is null");
        if (copies < 1 || copies > 10_000_000 || bytes < 1 || valueBytes < 0) {
            throw new IllegalArgumentException("a near cache of " + copies + " copies, " + bytes
                    + " bytes and values up to " + valueBytes + " bytes: give 1 to 10000000 copies, at least 1 byte");
        }
        if (lease.compareTo(SHORTEST) < 0 || lease.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the lease is " + lease + ": give 10 ms to 10 s");
        }
    }

    public NearCacheSettings withCopies(int newCopies) {
        return new NearCacheSettings(newCopies, bytes, valueBytes, lease);
    }

    public NearCacheSettings withLease(Duration newLease) {
        return new NearCacheSettings(copies, bytes, valueBytes, newLease);
    }
}
