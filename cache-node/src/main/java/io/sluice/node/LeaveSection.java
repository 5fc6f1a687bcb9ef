package io.sluice.node;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code leave} of a node's configuration: how the node stops on SIGTERM. Immutable.
 *
 * @param timeout longest wait for the others to take over; default 5s
 * @param linger how long it stays when they have, for peers to peek; default 2s
 */
public record LeaveSection(
        @Nullable Duration timeout, @Nullable Duration linger) {
    static final LeaveSection DEFAULTS = new LeaveSection(null, null);

    Leaving settings() {
        return new Leaving(
                requireNonNullElse(timeout, Leaving.DEFAULTS.timeout()),
                requireNonNullElse(linger, Leaving.DEFAULTS.linger()));
    }
}
