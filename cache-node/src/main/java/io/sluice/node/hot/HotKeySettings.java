package io.sluice.node.hot;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNull;

import io.sluice.coherence.LeasedCopies;
import java.time.Duration;

/**
 * Whether and how answers of hot keys are kept. Immutable.
 *
 * @param copies whether they are kept at all; they are counted in any case
 * @param life the lease that is asked for, 10 ms to 2 s; the owner may give less
 * @param rate from how many reads a second on a key is hot, at least 1
 * @param keys most copies at a time, 1 to 10,000
 */
public record HotKeySettings(boolean copies, Duration life, int rate, int keys) {
    private static final Duration SHORTEST_LIFE = Duration.ofMillis(10);
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(2);

    /** Copies of 1 s, from 100 reads a second on, 64 keys. */
    public static final HotKeySettings DEFAULTS = new HotKeySettings(true, Duration.ofSeconds(1), 100, 64);

    /** Room for what is kept by these settings. */
    public LeasedCopies<HotCopy> room() {
        return new LeasedCopies<>(keys, 2L * keys * HotKeys.MAX_VALUE_BYTES);
    }

    public HotKeySettings {
        requireNonNull(life, "life is null");
        within("hot-keys.life", life, SHORTEST_LIFE, LONGEST_LIFE);
        if (rate < 1) {
            throw new IllegalArgumentException("hot-keys.rate is " + rate + ": give at least 1");
        }
        within("hot-keys.keys", keys, 1, 10_000);
    }
}
