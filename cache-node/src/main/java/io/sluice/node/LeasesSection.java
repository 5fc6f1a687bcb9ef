package io.sluice.node;

import static java.util.Objects.requireNonNullElse;

import io.sluice.node.lease.LeaseSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code leases} of a node's configuration: copies that clients and other nodes keep under lease.
 * Immutable.
 *
 * @param longest the longest lease and so the longest wait of a Remove, 10ms to 10s; default 2s
 * @param most most leases at a time; default 100000; 0 for none
 * @param mostOfStream most of them of one client or node; default 20000
 * @param streams most clients and nodes with leases; default 1000
 */
public record LeasesSection(
        @Nullable Duration longest,
        @Nullable Integer most,
        @Nullable Integer mostOfStream,
        @Nullable Integer streams) {
    static final LeasesSection DEFAULTS = new LeasesSection(null, null, null, null);

    LeaseSettings settings() {
        LeaseSettings defaults = LeaseSettings.DEFAULTS;
        return new LeaseSettings(
                requireNonNullElse(longest, defaults.longest()),
                requireNonNullElse(most, defaults.most()),
                requireNonNullElse(mostOfStream, defaults.mostOfStream()),
                requireNonNullElse(streams, defaults.streams()));
    }
}
