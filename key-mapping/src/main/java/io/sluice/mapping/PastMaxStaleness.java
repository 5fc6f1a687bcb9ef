package io.sluice.mapping;

/** What becomes of an answer whose staleness bound is past its group's {@code max-staleness}, or is not known. */
public enum PastMaxStaleness {
    /** It is given, and says so: protects the source. */
    SERVE,
    /** The source is read for it, and what that brings is not kept. */
    BYPASS,
    /** It is refused. */
    FAIL
}
