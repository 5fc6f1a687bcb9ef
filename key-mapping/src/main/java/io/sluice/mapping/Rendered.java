package io.sluice.mapping;

/** What a row image gave for a key template. Immutable. */
sealed interface Rendered {
    /** A key. */
    record Key(String text) implements Rendered {}

    /** A column is NULL, so no such row could be asked for by a key. */
    record Nothing(String column) implements Rendered {}

    /** The key cannot be told; the reason names no value. */
    record Obstacle(Cause cause, String reason) implements Rendered {}
}
