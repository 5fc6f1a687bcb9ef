package io.sluice.node;

import io.sluice.config.DataSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks numbers of the configuration against their range; IllegalArgumentException names the key and the range. */
public final class Bounds {
    private Bounds() {}

    public static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + ": give " + least + " to " + most);
        }
        return value;
    }

    static int within(String what, @Nullable DataSize size, int usual, int most) {
        return within(what, size == null ? usual : (int) Math.min(Integer.MAX_VALUE, size.bytes()), 1, most);
    }

    static Duration within(String what, Duration time) {
        return within(what, time, Duration.ofMillis(250), Duration.ofMinutes(10));
    }

    public static Duration within(String what, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    what + " is " + time.toMillis() + " ms: give " + text(least) + " to " + text(most));
        }
        return time;
    }

    private static String text(Duration time) {
        if (time.toMillis() % 1_000 != 0) {
            return time.toMillis() + "ms";
        }
        return time.toSeconds() > 0 && time.toSeconds() % 60 == 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
    }
}
