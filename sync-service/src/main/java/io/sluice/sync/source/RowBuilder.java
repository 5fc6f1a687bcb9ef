package io.sluice.sync.source;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes the rows of a message, one after the other. Confined to the thread that reads it. */
final class RowBuilder {
    private final MessageText message;
    private String[] names = new String[16];
    private int[] starts = new int[16];
    private @Nullable String[] texts = new String[16];
    private int size;
    private boolean anyKnown;
    private @Nullable ColumnNames last;

    RowBuilder(MessageText message) {
        this.message = message;
    }

    /** Adds a column with its value. */
    void add(String name, @Nullable String value) {
        if (value == null) {
            add(name, MessageText.NULL);
        } else {
            add(name, MessageText.KNOWN);
            texts[size - 1] = value;
            anyKnown = true;
        }
    }

    /** Adds a column whose value stands in the message with its opening quote at {@code start}. */
    void add(String name, int start) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            texts = Arrays.copyOf(texts, 2 * size);
        }
        names[size] = name;
        starts[size++] = start;
    }

    /** The row, after which the next one begins. */
    FlatRow build() {
        ColumnNames shared = last;
        if (shared == null || !shared.are(names, size)) {
            shared = new ColumnNames(names, size);
            last = shared;
        }
        @Nullable String[] known = anyKnown ? Arrays.copyOf(texts, size) : new String[size];
        FlatRow row = new FlatRow(shared, message, Arrays.copyOf(starts, size), known);
        if (anyKnown) {
            Arrays.fill(texts, 0, size, null);
            anyKnown = false;
        }
        size = 0;
        return row;
    }
}
