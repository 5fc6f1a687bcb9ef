package io.sluice.sync.fanout;

import io.sluice.mapping.FanOut;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Asks one source for keys. Not safe for use by many threads, but for {@link #close}. After an SQLException it can be
 * asked again.
 */
interface KeyFinder extends AutoCloseable {
    /** Asks once the source covers the position; blocks for about as long as it may take. */
    Found find(FanOut fanOut, String position, Duration atMost) throws SQLException;

    /** Gives back what it holds while nobody asks. */
    void rest();

    /** Gives back what it holds, and ends a {@link #find} that is under way; it can be asked again after that. */
    @Override
    void close();
}
