package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a key is written from the columns of a row, such as {@code {class_id}:{lower(name)}}; <code>{{</code> and <code>
 * }}</code> stand for braces. Immutable.
 *
 * <p>A value may contain the literal between two columns: {@code a="x", b="y:z"} and {@code a="x:y", b="z"} both give
 * {@code x:y:z}. Invalidation renders such a key for either row, which is one Remove too many at most. A load must not
 * guess, so {@link #parse} knows only keys that can be split in exactly one way; rows with other keys cannot be read
 * through this template, and never is one row answered for another.
 *
 * <p>MySQL compares more loosely than a cache does ({@code WHERE id = '007'} finds 7, {@code 'ANNA'} finds
 * {@code 'anna'}). A row change only removes the key that the row renders to, so a loaded row may be kept under a key
 * only if it is the row's own key, letter by letter.
 */
public final class KeyTemplate {
    private final String text;
    /** One more than parts: before, between and after them. */
    private final List<String> literals;

    private final List<KeyPart> parts;
    /** What is done to the column of each part, such as {@code lower()}; empty for a column as it is. */
    private final List<String> forms;

    private final List<String> columns;

    private KeyTemplate(String text, List<String> literals, List<KeyPart> parts, List<String> forms) {
        this.text = requireNonNull(text, "text is null");
        this.literals = List.copyOf(literals);
        this.parts = List.copyOf(parts);
        this.forms = List.copyOf(forms);
        this.columns = distinct(parts);
    }

    private static List<String> distinct(List<KeyPart> parts) {
        Map<String, String> columns = new LinkedHashMap<>();
        parts.forEach(part -> columns.putIfAbsent(part.column().toLowerCase(Locale.ROOT), part.column()));
        return List.copyOf(columns.values());
    }

    /** Reads the text form; throws IllegalArgumentException that says what is wrong with it. */
    public static KeyTemplate parseTemplate(String text) {
        return new KeyTemplateParser(text).parse();
    }

    /** The columns in the order of the template, each once. */
    public List<String> columns() {
        return columns;
    }

    /** The key of one image of a row. */
    Rendered render(RowImages row, RowImages.Side side, @Nullable ZoneId canalZone) {
        if (parts.size() == 1 && literals.get(0).isEmpty() && literals.get(1).isEmpty()) {
            return wholePart(row, side, canalZone);
        }
        StringBuilder key = new StringBuilder(literals.get(0));
        Rendered obstacle = null;
        for (int i = 0; i < parts.size(); i++) {
            switch (part(parts.get(i), row, side, canalZone)) {
                case Rendered.Key(String part) -> key.append(part).append(literals.get(i + 1));
                case Rendered.Nothing nothing -> {
                    return nothing;
                }
                case Rendered.Obstacle found -> obstacle = found;
            }
        }
        return obstacle == null ? new Rendered.Key(key.toString()) : obstacle;
    }

    /** An empty key cannot be asked for. */
    private Rendered wholePart(RowImages row, RowImages.Side side, @Nullable ZoneId canalZone) {
        KeyPart part = parts.get(0);
        Rendered rendered = part(part, row, side, canalZone);
        boolean empty = rendered instanceof Rendered.Key(String key) && key.isEmpty();
        return empty ? new Rendered.Nothing(part.column()) : rendered;
    }

    /** One part as a row image has it. */
    static Rendered part(KeyPart part, RowImages row, RowImages.Side side, @Nullable ZoneId canalZone) {
        String column = row.spelling(part.column());
        if (column == null) {
            return new Rendered.Obstacle(Cause.MISSING_COLUMN, "column " + part.column() + " is not in the row image");
        }
        String value = row.valueOf(side, column);
        if (value == null) {
            return new Rendered.Nothing(part.column());
        }
        String type = row.typeOf(column);
        if (type == null) {
            return new Rendered.Obstacle(
                    Cause.NO_KEY_TEXT, "column " + part.column() + ": the message does not tell its MySQL type");
        }
        return switch (part.of(type, value, canalZone)) {
            case Canonical.Text(String text) -> new Rendered.Key(text);
            case Canonical.Null() -> new Rendered.Nothing(part.column());
            case Canonical.Refused(String reason) ->
                new Rendered.Obstacle(Cause.NO_KEY_TEXT, "column " + part.column() + ": " + reason);
        };
    }

    /** The column values of a key; empty when the key does not fit, or fits in more than one way. */
    public Optional<Map<String, String>> parse(String key) {
        return split(key).map(texts -> {
            Map<String, String> values = new LinkedHashMap<>();
            for (int i = 0; i < texts.size(); i++) {
                values.put(parts.get(i).column(), texts.get(i));
            }
            return values;
        });
    }

    /**
     * The key of a row, from what its columns give for the key ({@link #partOfResult}): what {@link #parse} undoes.
     * Null where a column gives none. Only for templates that have no column twice.
     */
    public @Nullable String keyOf(Function<String, @Nullable String> texts) {
        StringBuilder key = new StringBuilder(literals.get(0));
        for (int i = 0; i < parts.size(); i++) {
            String part = texts.apply(parts.get(i).column());
            if (part == null) {
                return null;
            }
            key.append(part).append(literals.get(i + 1));
        }
        return key.toString();
    }

    /** The texts of the parts. */
    private Optional<List<String>> split(String key) {
        String first = literals.get(0);
        String last = literals.get(parts.size());
        if (key.length() < first.length() + last.length() || !key.startsWith(first) || !key.endsWith(last)) {
            return Optional.empty();
        }
        String middle = key.substring(first.length(), key.length() - last.length());
        List<String> texts = new ArrayList<>();
        int from = 0;
        int[] latest = latestSplits(middle);
        for (int i = 0; i < parts.size() - 1; i++) {
            int at = middle.indexOf(literals.get(i + 1), from);
            // Every way to split has each literal between its earliest and its latest place.
            if (at < 0 || at != latest[i]) {
                return Optional.empty();
            }
            texts.add(middle.substring(from, at));
            from = at + literals.get(i + 1).length();
        }
        texts.add(middle.substring(from));
        return Optional.of(texts);
    }

    /** Where each literal between parts is when all are taken from the end; -1 when there is no such place. */
    private int[] latestSplits(String middle) {
        int[] latest = new int[parts.size() - 1];
        int end = middle.length();
        for (int i = latest.length - 1; i >= 0; i--) {
            int from = end - literals.get(i + 1).length();
            latest[i] = from < 0 ? -1 : middle.lastIndexOf(literals.get(i + 1), from);
            end = latest[i];
        }
        return latest;
    }

    /** Whether keys can be split into parts at all: no two of them touch. */
    boolean separable() {
        return literals.subList(1, parts.size()).stream().noneMatch(String::isEmpty);
    }

    /** Whether a column stands in more than one part, so that its text in a key need not be one. */
    boolean repeatsColumn() {
        return columns.size() < parts.size();
    }

    /** Whether a column stands in the key without a function. */
    public boolean hasAsItIs(String column) {
        return parts.stream().anyMatch(part -> part.isPlain() && part.column().equalsIgnoreCase(column));
    }

    /**
     * What a column of a loaded row gives for the key, from what the driver returned; refused for a column that the
     * template does not have.
     */
    public Canonical partOfResult(String column, String mysqlType, Object value) {
        for (KeyPart part : parts) {
            if (part.column().equalsIgnoreCase(column)) {
                return part.ofResult(mysqlType, value);
            }
        }
        return new Canonical.Refused("the key has no such column");
    }

    /**
     * What is done to the columns, each part in order, where the other template has the same literals; empty where it
     * has others, and nothing can be compared.
     */
    List<String> formsLike(KeyTemplate other) {
        return literals.equals(other.literals) ? forms : List.of();
    }

    /** Whether every part is a column as it is. */
    boolean isPlain() {
        return parts.stream().allMatch(KeyPart::isPlain);
    }

    /** Whether keys of this template can be keys of the other one. */
    boolean fits(KeyTemplate group) {
        return !group.separable() || group.split(String.join("\0", literals)).isPresent();
    }

    /**
     * What others, all of whose columns stand in this one as they are, give for the row of a key; empty when the key
     * does not fit, or fits in more than one way.
     */
    Optional<List<String>> derive(String key, List<KeyTemplate> others) {
        return split(key)
                .map(texts ->
                        others.stream().map(other -> other.render(texts, this)).toList());
    }

    private String render(List<String> texts, KeyTemplate from) {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < parts.size(); i++) {
            text.append(texts.get(from.plainPart(parts.get(i).column()))).append(literals.get(i + 1));
        }
        return text.toString();
    }

    /** Which part the column is as it stands; -1 for none. */
    private int plainPart(String column) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).isPlain() && parts.get(i).column().equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the column stands in the key as it is. */
    boolean hasPlain(String column) {
        return plainPart(column) >= 0;
    }

    /** Whether there is text before, between or after the columns. */
    boolean hasLiteral() {
        return literals.stream().anyMatch(literal -> !literal.isEmpty());
    }

    /** Whether some row may give this text: all literals are in it, in order. */
    boolean mayGive(String candidate) {
        String last = literals.get(parts.size());
        int from = 0;
        for (String literal : literals.subList(0, parts.size())) {
            int at = candidate.indexOf(literal, from);
            if (at < 0 || (from == 0 && !candidate.startsWith(literals.get(0)))) {
                return false;
            }
            from = at + literal.length();
        }
        return candidate.length() >= from + last.length() && candidate.endsWith(last);
    }

    /** Whether some row of this template and some row of the other may give the same, as literals stand. */
    boolean mayMeet(KeyTemplate other) {
        return other.mayGive(String.join("\0", literals));
    }

    /** The same template over other columns; null when one of its columns has no other. */
    @Nullable KeyTemplate renamed(Map<String, String> others) {
        Parts renamed = new Parts();
        for (int i = 0; i < parts.size(); i++) {
            String other = others.get(parts.get(i).column().toLowerCase(Locale.ROOT));
            if (other == null) {
                return null;
            }
            renamed.literal.append(literals.get(i));
            renamed.column(parts.get(i).renamed(other), forms.get(i));
        }
        renamed.literal.append(literals.get(parts.size()));
        return renamed.build(text);
    }

    /** The text of the same template over other columns; null when one of them has no other or has functions. */
    @Nullable String textOver(Map<String, String> others) {
        StringBuilder over = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String other = others.get(parts.get(i).column().toLowerCase(Locale.ROOT));
            if (other == null || !parts.get(i).isPlain()) {
                return null;
            }
            over.append(escaped(literals.get(i)))
                    .append('{')
                    .append(quotedColumn(other))
                    .append('}');
        }
        return over.append(escaped(literals.get(parts.size()))).toString();
    }

    private static String escaped(String literal) {
        return literal.replace("{", "{{").replace("}", "}}");
    }

    /** A column's name as a template has it. */
    static String quotedColumn(String column) {
        return column.matches("[\\p{L}_$][\\p{L}\\p{N}_$]*") ? column : "`" + column.replace("`", "``") + "`";
    }

    /** In the order of the template. */
    List<KeyPart> parts() {
        return parts;
    }

    /** The key with these texts for its parts. */
    String join(List<String> texts) {
        StringBuilder key = new StringBuilder(literals.getFirst());
        for (int i = 0; i < texts.size(); i++) {
            key.append(texts.get(i)).append(literals.get(i + 1));
        }
        return key.toString();
    }

    /** Columns that stand in the key as they are. */
    List<String> plainColumns() {
        return parts.stream().filter(KeyPart::isPlain).map(KeyPart::column).toList();
    }

    /** Builds the parts of a template. */
    static final class Parts {
        private final List<String> literals = new ArrayList<>();
        private final List<KeyPart> columns = new ArrayList<>();
        private final List<String> forms = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();

        void literal(char c) {
            literal.append(c);
        }

        void column(KeyPart part, String form) {
            forms.add(form);
            literals.add(literal.toString());
            literal.setLength(0);
            columns.add(part);
        }

        boolean hasPlain(String column) {
            return columns.stream()
                    .anyMatch(part -> part.isPlain() && part.column().equalsIgnoreCase(column));
        }

        KeyTemplate build(String text) {
            literals.add(literal.toString());
            return new KeyTemplate(text, literals, columns, forms);
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
