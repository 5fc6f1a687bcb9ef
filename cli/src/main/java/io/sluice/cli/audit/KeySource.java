package io.sluice.cli.audit;

/** What keys stand for in the source. Thread-safe; blocks. */
interface KeySource {
    /**
     * Reads a key as the group's own load does.
     *
     * @throws RuntimeException when the source does not answer, or the group is not one that can be read
     */
    SourceRead read(String group, String key);
}
