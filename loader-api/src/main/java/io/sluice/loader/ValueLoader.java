package io.sluice.loader;

import java.util.Map;

/**
 * Loads the values of one group.
 *
 * <p>Thread-safe: called by many threads at a time, never for one key twice at once on one node, and never by more
 * threads than {@code loads.connections}. It may block; after {@code loads.timeout} its thread is interrupted and the
 * caller told that the source does not answer.
 */
public interface ValueLoader extends AutoCloseable {
    /**
     * Loads one value.
     *
     * <p>Keys are compared letter by letter by the cache. Where the source takes several spellings for one thing, a
     * value found under another spelling than the one that Removes will name must be answered with
     * {@link LoadedValue#notKept}.
     *
     * @param key the text of each column of the group's key, by name
     * @throws Exception when there is no answer; callers are told that the source is unavailable, with the exception's
     *     class but not its message, which may name the key
     */
    LoadedValue load(Map<String, String> key) throws Exception;

    /** Called when the node stops. */
    @Override
    default void close() {}
}
