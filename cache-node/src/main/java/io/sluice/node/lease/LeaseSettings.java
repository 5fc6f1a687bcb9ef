package io.sluice.node.lease;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNull;

import io.sluice.coherence.LeaseLimits;
import java.time.Duration;

/**
 * How much a node lends. Immutable.
 *
 * @param longest the longest lease and so the longest wait of a Remove, 10 ms to 10 s; default 2 s. Never more than
 *     twice the margin of the etcd lease, whatever is said here
 * @param most most leases at a time, 0 to 10,000,000; default 100,000. 0 lends nothing
 * @param mostOfStream most of them on one stream, at least 1; default 20,000
 * @param streams most streams, 1 to 100,000; default 1,000
 */
public record LeaseSettings(Duration longest, int most, int mostOfStream, int streams) {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    /** As documented at each. */
    public static final LeaseSettings DEFAULTS = new LeaseSettings(Duration.ofSeconds(2), 100_000, 20_000, 1_000);

    public LeaseSettings {
        requireNonNull(longest, "longest is null");
        within("leases.longest", longest, SHORTEST, LeaseLimits.LONGEST);
        within("leases.most", most, 0, 10_000_000);
        within("leases.most-of-stream", mostOfStream, 1, 10_000_000);
        within("leases.streams", streams, 1, 100_000);
    }

    /** @param bound what the membership allows: a node that is gone must have nothing lent when others know */
    LeaseLimits limits(Duration bound) {
        Duration shorter = longest.compareTo(bound) < 0 ? longest : bound;
        return new LeaseLimits(shorter, Math.max(1, most), mostOfStream);
    }
}
