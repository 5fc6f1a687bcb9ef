package io.sluice.sync.source;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one row image as the message lists them: a map of which only the values that somebody asks for become
 * text. Read-only, and safe for use by many threads: two that ask at once make the same text twice. It keeps the bytes
 * of its message. Invariant: of a column that a message names twice the last counts.
 */
final class FlatRow extends AbstractMap<String, @Nullable String> {
    private final ColumnNames names;
    private final MessageText message;
    /** Where the text of each value begins; {@link MessageText#NULL} and {@link MessageText#KNOWN} stand for others. */
    private final int[] starts;

    private final @Nullable String[] texts;

    FlatRow(ColumnNames names, MessageText message, int[] starts, @Nullable String[] texts) {
        this.names = names;
        this.message = message;
        this.starts = starts;
        this.texts = texts;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key != null && names.indexOf(key) >= 0;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        int at = key == null ? -1 : names.indexOf(key);
        return at < 0 ? null : value(at);
    }

    private @Nullable String value(int at) {
        String text = texts[at];
        if (text == null && starts[at] >= 0) {
            text = message.textAt(starts[at]);
            texts[at] = text;
        }
        return text;
    }

    @Override
    public boolean isEmpty() {
        return starts.length == 0;
    }

    @Override
    public int size() {
        return entrySet().size();
    }

    /** Made for each call: rows are looked into, not gone through. */
    @Override
    public Set<Entry<String, @Nullable String>> entrySet() {
        Map<String, @Nullable String> copy = new LinkedHashMap<>();
        for (int i = 0; i < starts.length; i++) {
            copy.put(names.get(i), value(i));
        }
        return Collections.<String, @Nullable String>unmodifiableMap(copy).entrySet();
    }
}
