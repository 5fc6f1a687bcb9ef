package io.sluice.mapping;

import java.util.Locale;

/** Why something must be forgotten: few kinds, for counting and for people. */
public enum Cause {
    /** A rule named it for a row that was inserted. */
    INSERTED("a row was inserted", false),
    /** A rule named it for a row as it was before an UPDATE. */
    UPDATED_BEFORE("a row was updated: as it was before", false),
    /** A rule named it for a row as it is after an UPDATE. */
    UPDATED_AFTER("a row was updated: as it is after", false),
    /** A rule named it for a row that was deleted. */
    DELETED("a row was deleted", false),
    /** A key column is NULL, and the rule says {@code null-key: clear}. */
    NULL_IN_KEY("a key column is NULL, and the rule says null-key: clear", false),
    /** The row image lacks a column that a rule needs. */
    MISSING_COLUMN("the row image lacks a column", true),
    /** A value has no text that is sure to be the key's. */
    NO_KEY_TEXT("a value has no text that is sure to be the key's", true),
    /** An UPDATE does not tell the row as it was. */
    PARTIAL_IMAGE("the UPDATE does not tell the row as it was", true),
    /** A data definition statement touched the table. */
    DEFINITION("a data definition statement touched the table", true),
    /** A statement could not be read, so it may have touched anything. */
    UNREADABLE_STATEMENT("a statement could not be read", true),
    /** Rows changed in a statement that was logged without row images. */
    STATEMENT("rows changed without row images", true),
    /** The message does not say which rows changed. */
    UNMAPPABLE("the message does not say which rows changed", true);

    private final String text;
    private final boolean problem;
    private final String label;

    Cause(String text, boolean problem) {
        this.text = text;
        this.problem = problem;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** In words. */
    public String text() {
        return text;
    }

    /** In one word for metrics. */
    public String label() {
        return label;
    }

    /** Whether more had to go than the rules ask for, so that a person should look. */
    public boolean isProblem() {
        return problem;
    }
}
