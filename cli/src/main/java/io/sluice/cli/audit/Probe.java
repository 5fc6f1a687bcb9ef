package io.sluice.cli.audit;

/**
 * Somebody who may answer for a key: the memory of one node, or a client as applications have it. Thread-safe; blocks
 * for a few seconds at most.
 */
interface Probe {
    /** As reports name it. */
    String name();

    /** Whether it says something that it does not answer; not of one that has left, and may be gone for good. */
    default boolean mustAnswer() {
        return true;
    }

    /** Asks for a key, of this one alone. */
    Reply ask(String group, String key);
}
