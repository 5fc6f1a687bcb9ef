package io.sluice.node;

import static java.util.Objects.requireNonNullElse;

import io.sluice.node.hot.HotKeySettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code hot-keys} of a node's configuration: copies of hot keys that this node does not hold, under lease
 * from their owners. Immutable.
 *
 * @param copies whether there are any; default true
 * @param life the lease that is asked for, 10ms to 2s; default 1s
 * @param rate from how many reads a second on a key is hot; default 100
 * @param keys most copies at a time; default 64
 */
public record HotKeysSection(
        @Nullable Boolean copies,
        @Nullable Duration life,
        @Nullable Integer rate,
        @Nullable Integer keys) {
    static final HotKeysSection DEFAULTS = new HotKeysSection(null, null, null, null);

    HotKeySettings settings() {
        HotKeySettings defaults = HotKeySettings.DEFAULTS;
        return new HotKeySettings(
                requireNonNullElse(copies, defaults.copies()),
                requireNonNullElse(life, defaults.life()),
                requireNonNullElse(rate, defaults.rate()),
                requireNonNullElse(keys, defaults.keys()));
    }
}
