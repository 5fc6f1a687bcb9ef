package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import io.sluice.config.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of fan-outs, and as whom they ask. Immutable; its text shows no password.
 *
 * @param rows of one result; more clear the group (default 10,000)
 * @param timeout from a change being handed in to its keys being known, all waits and repetitions included (default
 *     10s)
 * @param connections to one source at a time (default 4)
 * @param queue most fan-outs of one source that wait; at half of it partitions pause (default 1,000)
 * @param connectTimeout for a connection
 * @param username of MySQL; null for the user of each source in the rules file
 * @param password of that user
 */
public record FanOutSettings(
        int rows,
        Duration timeout,
        int connections,
        int queue,
        Duration connectTimeout,
        @Nullable String username,
        Secret password) {
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_CONNECTIONS = 100;
    private static final int LONGEST_QUEUE = 1_000_000;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** What holds where nothing else is configured. */
    public static final FanOutSettings DEFAULTS =
            new FanOutSettings(10_000, Duration.ofSeconds(10), 4, 1_000, Duration.ofSeconds(2), null, Secret.NONE);

    public FanOutSettings {
        requireNonNull(password, "password is null");
        check(rows, MOST_ROWS, "rows");
        check(connections, MOST_CONNECTIONS, "connections");
        check(queue, LONGEST_QUEUE, "queue");
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("fan-out.timeout must be 1ms to 5m, not " + timeout.toMillis() + "ms");
        }
        if (!connectTimeout.isPositive()) {
            throw new IllegalArgumentException("heartbeat.connect-timeout must be more than 0ms");
        }
    }

    private static void check(int value, int most, String key) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("fan-out." + key + " must be 1 to " + most + ", not " + value);
        }
    }
}
