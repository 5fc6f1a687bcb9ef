package io.sluice.sync.fanout;

import io.sluice.mapping.FanOut;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A source that answers as a test says. Thread-safe. */
final class FakeFinder implements KeyFinder {
    /** What a source says. */
    interface Source {
        Found find(FanOut fanOut, String position) throws SQLException;
    }

    /** What it was asked, each as its parameters and the position. */
    private final List<String> asked = new ArrayList<>();

    volatile Source source = (fanOut, position) -> new Found.Keys(List.of());

    @Override
    public Found find(FanOut fanOut, String position, Duration atMost) throws SQLException {
        synchronized (asked) {
            asked.add(fanOut.parameters() + "@" + position);
        }
        return source.find(fanOut, position);
    }

    List<String> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}
}
