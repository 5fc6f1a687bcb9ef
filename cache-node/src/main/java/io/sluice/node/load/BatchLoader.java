package io.sluice.node.load;

import java.util.List;
import java.util.Map;

/** Loads the values of several keys of one group at once. Thread-safe; blocks, so it belongs on virtual threads. */
public interface BatchLoader {
    /** Most keys of one call. */
    int mostKeys();

    /**
     * Loads the values, all of them as of one position.
     *
     * @param keys at most {@link #mostKeys}, each once and one that the loader accepts
     * @param departing told the position of the source before any row is read
     * @return an outcome for each key
     * @throws io.grpc.StatusRuntimeException as {@link Loader#load} does, for what concerns all keys
     */
    Map<String, LoadOutcome> loadMany(List<String> keys, Departing departing);
}
