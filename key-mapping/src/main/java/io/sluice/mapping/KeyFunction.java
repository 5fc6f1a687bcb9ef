package io.sluice.mapping;

/** One step from a column's value to a part of a key. Immutable. Invariant: the same value gives the same text. */
interface KeyFunction {
    /**
     * The text it makes.
     *
     * @param type of the column, for a function that stands next to it; text for one around another function
     * @param text the canonical text; of JSON the document as Canal printed it
     */
    Canonical apply(ColumnType type, String text);
}
