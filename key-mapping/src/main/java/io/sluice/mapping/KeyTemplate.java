package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a key is written from the columns of a row, such as {@code {class_id}:{name}}; <code>{{</code> and <code>}}
 * </code> stand for braces. Immutable.
 *
 * <p>A value may contain the literal between two columns: {@code a="x", b="y:z"} and {@code a="x:y", b="z"} both give
 * {@code x:y:z}. Invalidation renders such a key for either row, which is one Remove too many at most. A load must not
 * guess, so {@link #parse} knows only keys that can be split in exactly one way; rows with other keys cannot be read
 * through this template, and never is one row answered for another.
 *
 * <p>MySQL compares more loosely than a cache does ({@code WHERE id = '007'} finds 7, {@code 'ANNA'} finds
 * {@code 'anna'}). A row change only removes the key that the row renders to, so a loaded row may be kept under a key
 * only if {@link #matches} does not deny that it is the row's key.
 */
public final class KeyTemplate {
    private final String text;
    /** One more than columns: before, between and after them. */
    private final List<String> literals;

    private final List<String> columns;

    KeyTemplate(String text, List<String> literals, List<String> columns) {
        this.text = requireNonNull(text, "text is null");
        this.literals = List.copyOf(literals);
        this.columns = List.copyOf(columns);
    }

    /** Reads the text form; throws IllegalArgumentException that says what is wrong with it. */
    public static KeyTemplate parseTemplate(String text) {
        return new KeyTemplateParser(text).parse();
    }

    /** The columns in the order of the template, each once. */
    public List<String> columns() {
        return columns;
    }

    /**
     * The key of a row; empty when a column is absent or null, or the key would be empty: no key exists that such a row
     * could be asked for by.
     */
    public Optional<String> render(Map<String, @Nullable String> canonicalValues) {
        StringBuilder key = new StringBuilder(literals.get(0));
        for (int i = 0; i < columns.size(); i++) {
            String spelling = Columns.spelling(canonicalValues, columns.get(i));
            String value = spelling == null ? null : canonicalValues.get(spelling);
            if (value == null) {
                return Optional.empty();
            }
            key.append(value).append(literals.get(i + 1));
        }
        return key.isEmpty() ? Optional.empty() : Optional.of(key.toString());
    }

    /** The column values of a key; empty when the key does not fit, or fits in more than one way. */
    public Optional<Map<String, String>> parse(String key) {
        String first = literals.get(0);
        String last = literals.get(columns.size());
        if (key.length() < first.length() + last.length() || !key.startsWith(first) || !key.endsWith(last)) {
            return Optional.empty();
        }
        String middle = key.substring(first.length(), key.length() - last.length());
        Map<String, String> values = new LinkedHashMap<>();
        int from = 0;
        int[] latest = latestSplits(middle);
        for (int i = 0; i < columns.size() - 1; i++) {
            int at = middle.indexOf(literals.get(i + 1), from);
            // Every way to split has each literal between its earliest and its latest place.
            if (at < 0 || at != latest[i]) {
                return Optional.empty();
            }
            values.put(columns.get(i), middle.substring(from, at));
            from = at + literals.get(i + 1).length();
        }
        values.put(columns.get(columns.size() - 1), middle.substring(from));
        return Optional.of(values);
    }

    /** Where each literal between columns is when all are taken from the end; -1 when there is no such place. */
    private int[] latestSplits(String middle) {
        int[] latest = new int[columns.size() - 1];
        int end = middle.length();
        for (int i = latest.length - 1; i >= 0; i--) {
            int from = end - literals.get(i + 1).length();
            latest[i] = from < 0 ? -1 : middle.lastIndexOf(literals.get(i + 1), from);
            end = latest[i];
        }
        return latest;
    }

    /**
     * Whether this is the key of a loaded row; empty when the row does not carry all the columns, so that it cannot be
     * told.
     */
    public Optional<Boolean> matches(String key, Map<String, @Nullable String> canonicalValues) {
        for (String column : columns) {
            if (Columns.spelling(canonicalValues, column) == null) {
                return Optional.empty();
            }
        }
        return Optional.of(render(canonicalValues).filter(key::equals).isPresent());
    }

    /** Whether keys can be split into columns at all: no two columns touch. */
    boolean separable() {
        return literals.subList(1, columns.size()).stream().noneMatch(String::isEmpty);
    }

    /** Whether keys of this template can be keys of the other one. */
    boolean fits(KeyTemplate group) {
        Map<String, @Nullable String> stand = new LinkedHashMap<>();
        columns.forEach(column -> stand.put(column, "\0"));
        return !group.separable() || render(stand).flatMap(group::parse).isPresent();
    }

    /** Builds the parts of a template. */
    static final class Parts {
        private final List<String> literals = new ArrayList<>();
        private final List<String> columns = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();

        void literal(char c) {
            literal.append(c);
        }

        void column(String name) {
            literals.add(literal.toString());
            literal.setLength(0);
            columns.add(name);
        }

        boolean has(String column) {
            return columns.stream().anyMatch(column::equalsIgnoreCase);
        }

        KeyTemplate build(String text) {
            literals.add(literal.toString());
            return new KeyTemplate(text, literals, columns);
        }

        boolean isConstant() {
            return columns.isEmpty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyTemplate template && text.equals(template.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text form. */
    @Override
    public String toString() {
        return text;
    }
}
