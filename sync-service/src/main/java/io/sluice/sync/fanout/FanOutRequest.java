package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.FanOut;
import java.time.Duration;

/**
 * A query to be asked for one change. Immutable.
 *
 * @param group whose keys it finds
 * @param position of the change, which the server that is asked must cover; empty when the change has none
 * @param again after how long the keys should be forgotten once more; zero for most
 */
public record FanOutRequest(String group, FanOut fanOut, String position, Duration again) {
    public FanOutRequest {
        requireNonNull(group, "group is null");
        requireNonNull(fanOut, "fanOut is null");
        requireNonNull(position, "position is null");
        requireNonNull(again, "again is null");
    }
}
