package io.sluice.store;

/** What a Remove did. Either way it is remembered, and nothing older is held when the call returns. */
public enum RemoveResult {
    /** There was an older entry and it went, or there was none. */
    REMOVED,
    /** An entry is held whose stamp covers the Remove's position; it stays. */
    COVERED
}
