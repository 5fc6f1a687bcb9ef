package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.config.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where heartbeats are written, as whom, and how long that may take. Immutable; its text shows no password.
 *
 * @param table the same on every source (default {@code sluice.heartbeat})
 * @param username of MySQL; null for the user of each source in the rules file
 * @param password of that user
 * @param connectTimeout for a connection (default 2s)
 * @param timeout for each statement (default 2s)
 */
public record HeartbeatSettings(
        HeartbeatTable table, @Nullable String username, Secret password, Duration connectTimeout, Duration timeout) {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** What holds where nothing else is configured. */
    public static final HeartbeatSettings DEFAULTS = new HeartbeatSettings(
            HeartbeatTable.DEFAULT, null, Secret.NONE, Duration.ofSeconds(2), Duration.ofSeconds(2));

    public HeartbeatSettings {
        requireNonNull(table, "table is null");
        requireNonNull(password, "password is null");
        check(connectTimeout, "connect-timeout");
        check(timeout, "timeout");
        if (username == null && !password.equals(Secret.NONE)) {
            throw new IllegalArgumentException("heartbeat.password is given without heartbeat.username: give both, or"
                    + " none to write as the user of each source");
        }
    }

    private static void check(Duration duration, String key) {
        if (duration.toMillis() < 1 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "heartbeat." + key + " must be 1ms to 1m, not " + duration.toMillis() + "ms");
        }
    }
}
