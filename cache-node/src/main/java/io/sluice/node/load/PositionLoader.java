package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.node.Failures;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Stands in for a loader in a cache-aside group, whose values the application puts: finds nothing, and tells the
 * position that the application's own read will reflect at least, since it begins after the answer. The Put that
 * follows brings that position along as the stamp of its value.
 *
 * <p>What it "finds" is never kept: that nobody has put a value does not mean that there is none. Thread-safe.
 */
public final class PositionLoader implements Loader, BatchLoader {
    private static final int MOST_KEYS = 10_000;

    private final String group;
    private final SourcePool source;
    private final LongSupplier nanoClock;

    public PositionLoader(String group, SourcePool source, LongSupplier nanoClock) {
        this.group = requireNonNull(group, "group is null");
        this.source = requireNonNull(source, "source is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    @Override
    public boolean loadsValues() {
        return false;
    }

    /** Its templates may have functions, so keys are not taken apart. */
    @Override
    public boolean accepts(String key) {
        return true;
    }

    @Override
    public Loaded load(String key, Departing departing) {
        long startNanos = nanoClock.getAsLong();
        LoadStamp stamp = stamp(departing);
        return new Loaded(false, new byte[0], stamp, startNanos, false);
    }

    @Override
    public BatchLoader batch() {
        return this;
    }

    @Override
    public int mostKeys() {
        return MOST_KEYS;
    }

    @Override
    public Map<String, LoadOutcome> loadMany(List<String> keys, Departing departing) {
        LoadOutcome miss = new LoadOutcome.Success(load("", departing));
        Map<String, LoadOutcome> misses = new HashMap<>();
        keys.forEach(key -> misses.put(key, miss));
        return misses;
    }

    private LoadStamp stamp(Departing departing) {
        if (!source.hasPositions()) {
            departing.goesBy(LoadStamp.NONE);
            return LoadStamp.NONE;
        }
        try (Connection connection = source.connection()) {
            return source.stamp(connection, departing);
        } catch (SQLException e) {
            throw Failures.unavailable("Source " + source.name() + " did not tell its position for a miss of group "
                    + group + ": " + SqlReason.of(e) + ". Values in memory are still served; check that the database is"
                    + " up");
        }
    }
}
