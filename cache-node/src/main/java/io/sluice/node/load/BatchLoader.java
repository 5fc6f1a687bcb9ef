package io.sluice.node.load;

import io.sluice.coherence.SourcePosition;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Loads the values of several keys of one group at once. Thread-safe; blocks, so it belongs on virtual threads. */
public interface BatchLoader {
    /** Most keys of one call. */
    int mostKeys();

    /**
     * Loads the values, all of them as of one position.
     *
     * @param keys at most {@link #mostKeys}, each once and one that the loader accepts
     * @param stampRead told the position of the source as soon as it is read, before any row is
     * @return an outcome for each key
     * @throws io.grpc.StatusRuntimeException as {@link Loader#load} does, for what concerns all keys
     */
    Map<String, LoadOutcome> loadMany(List<String> keys, Consumer<SourcePosition> stampRead);
}
