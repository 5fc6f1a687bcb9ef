package io.sluice.cli.audit;

/** How a probe ended. Immutable. */
sealed interface Reply {
    /** An answer. */
    record Found(Held held) implements Reply {}

    /** Nothing is held, so nothing old can be answered from there. */
    record Nothing() implements Reply {}

    /** No answer; the reason is for people. */
    record Failed(String reason) implements Reply {}
}
