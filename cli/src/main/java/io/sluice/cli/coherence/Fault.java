package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

/**
 * Something that goes wrong while rows are written and read. Immutable.
 *
 * @param name in a few words
 * @param action has it happen, and returns when everything runs again
 */
record Fault(String name, Action action) {
    Fault {
        requireNonNull(name, "name is null");
        requireNonNull(action, "action is null");
    }

    /** Throws when something does not come back. */
    @FunctionalInterface
    interface Action {
        void happen() throws Exception;
    }
}
