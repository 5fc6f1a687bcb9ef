package io.sluice.cli.audit;

/**
 * What {@link Judge} says of an answer. Immutable.
 *
 * @param staleNanos for how long at least the source had had another value when the answer was asked for; 0 when
 *     nothing is proven
 */
record Verdict(Kind kind, long staleNanos) {
    enum Kind {
        /** It is what the source has. */
        CURRENT(false),
        /** There was no answer, so nothing can be said. */
        SILENT(false),
        /** The source changed around the answer, so nothing can be said. */
        MOVING(false),
        /** Older than the source, within what is allowed. */
        STALE(false),
        /** Its stamp names a change that it does not reflect. */
        FALSE_STAMP(true),
        /** Older than it claims to be at the most. */
        FALSE_BOUND(true),
        /** Older than is allowed. */
        TOO_OLD(true);

        private final boolean violation;

        Kind(boolean violation) {
            this.violation = violation;
        }

        boolean isViolation() {
            return violation;
        }

        /** Whether there was an answer, and another one than the source's. */
        boolean isDiffering() {
            return this != CURRENT && this != SILENT;
        }

        /** Whether the answer is old, allowed or not. */
        boolean isStale() {
            return violation || this == STALE;
        }
    }
}
