package io.sluice.node;

import io.sluice.config.DataSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks numbers of the configuration against their range; IllegalArgumentException names the key and the range. */
final class Bounds {
    private Bounds() {}

    static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + ": give " + least + " to " + most);
        }
        return value;
    }

    static int within(String what, @Nullable DataSize size, int usual, int most) {
        return within(what, size == null ? usual : (int) Math.min(Integer.MAX_VALUE, size.bytes()), 1, most);
    }

    static Duration within(String what, Duration time) {
        if (time.compareTo(Duration.ofMillis(250)) < 0 || time.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(what + " is " + time.toMillis() + " ms: give 250ms to 10m");
        }
        return time;
    }
}
