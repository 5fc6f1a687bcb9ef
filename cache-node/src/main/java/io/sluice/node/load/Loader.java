package io.sluice.node.load;

import org.jspecify.annotations.Nullable;

/** Loads the value of one key of one group from its source. Thread-safe; blocks, so it belongs on virtual threads. */
public interface Loader {
    /** Whether the key has the shape of the group's key template, so that it names something at all. Never blocks. */
    boolean accepts(String key);

    /**
     * Loads the value.
     *
     * @param key one that {@link #accepts} takes
     * @param departing told the position of the source before the row is read
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE when the source cannot be reached or refuses the query,
     *     RESOURCE_EXHAUSTED when the value is over its limit
     */
    Loaded load(String key, Departing departing);

    /**
     * False for a cache-aside group, whose values the application puts: then every load finds nothing, and tells the
     * position that the application's own read will reflect.
     */
    default boolean loadsValues() {
        return true;
    }

    /** How to load several keys at once; null where each has to be loaded for itself. Never blocks. */
    default @Nullable BatchLoader batch() {
        return null;
    }
}
