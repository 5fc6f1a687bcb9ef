package io.sluice.mapping;

import io.sluice.config.NearestName;
import io.sluice.mapping.sql.QueryShape;
import io.sluice.mapping.sql.SqlTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the tables and columns of the rules with those of the server. Used once. Single-threaded. */
final class ColumnCheck {
    private final Rules rules;
    private final Source source;
    private final Schema schema;
    private final List<Finding> findings = new ArrayList<>();

    private ColumnCheck(Rules rules, Source source, Schema schema) {
        this.rules = rules;
        this.source = source;
        this.schema = schema;
    }

    static List<Finding> check(Rules rules, Source source, Schema schema) {
        ColumnCheck check = new ColumnCheck(rules, source, schema);
        check.loads();
        for (TableIndex.Entry entry : rules.tables().entries()) {
            List<KeyRule> own = entry.rules().stream().filter(check::isOfSource).toList();
            if (!own.isEmpty()) {
                check.entry(entry.tables(), own);
            }
        }
        return check.findings;
    }

    private boolean isOfSource(KeyRule rule) {
        Group group = rules.groups().get(rule.group());
        return group != null && group.source().equals(source.name());
    }

    private void loads() {
        for (Group group : rules.groups().values()) {
            if (group.load() == null || !group.source().equals(source.name())) {
                continue;
            }
            Optional<QueryShape> shape = QueryShape.read(group.load().sql(), source.database());
            Set<SqlTable> tables = shape.map(QueryShape::tables).orElse(Set.of());
            for (SqlTable read : tables) {
                schema.table(new TableName(read.database(), read.table()))
                        .filter(Schema.Table::view)
                        .ifPresent(view -> findings.add(Finding.warning(
                                "view",
                                "groups." + group.name() + ".load",
                                "reads view " + read + ": a change of the view itself is not in the change stream, and"
                                        + " the tables behind it need rules of their own")));
            }
        }
    }

    private void entry(TablePattern pattern, List<KeyRule> own) {
        List<Schema.Table> tables = schema.tables().stream()
                .filter(table -> pattern.matches(table.tableName()))
                .toList();
        if (tables.isEmpty()) {
            String id = own.getFirst().id();
            String place = id.substring(0, id.indexOf(']') + 1) + ".table";
            findings.add(Finding.error(
                    "no-table", place, "there is no table " + pattern + " on the server" + nearTable(pattern), ""));
        }
        for (Schema.Table table : tables) {
            own.forEach(rule -> rule(rule, table));
        }
    }

    private String nearTable(TablePattern pattern) {
        TableName exact = pattern.exact();
        return exact == null
                ? ""
                : NearestName.of(
                                exact.toString(),
                                schema.tables().stream()
                                        .map(table -> table.tableName().toString())
                                        .toList())
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("");
    }

    private void rule(KeyRule rule, Schema.Table table) {
        Set<String> inKey = new LinkedHashSet<>();
        if (rule.key() != null) {
            rule.key().plainColumns().forEach(column -> inKey.add(column.toLowerCase(Locale.ROOT)));
        }
        if (rule.query() != null) {
            rule.query().query().parameters().forEach(column -> inKey.add(column.toLowerCase(Locale.ROOT)));
        }
        for (String column : new LinkedHashSet<>(rule.columns())) {
            Optional<Schema.Column> found = table.column(column);
            if (found.isEmpty()) {
                findings.add(Finding.error(
                        "no-column",
                        place(rule, column),
                        "table " + table.tableName() + " has no column '" + column + "'"
                                + NearestName.of(
                                                column,
                                                table.columns().stream()
                                                        .map(Schema.Column::name)
                                                        .toList())
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(""),
                        ""));
            } else if (inKey.contains(column.toLowerCase(Locale.ROOT))) {
                keyColumn(rule, table, found.get());
            }
        }
    }

    private void keyColumn(KeyRule rule, Schema.Table table, Schema.Column column) {
        KeySafety safety = KeySafety.of(column, source.canalTimeZone() != null);
        String message = safety.problem();
        if (message != null) {
            String text = "column " + table.tableName() + "." + column.name() + " (" + column.type() + ") " + message;
            findings.add(new Finding(safety.severity(), "key-type", place(rule, column.name()), text, ""));
        }
    }

    /** The part of the rule that names the column. */
    private static String place(KeyRule rule, String column) {
        if (rule.when() instanceof Condition.Cascaded) {
            return rule.id();
        }
        boolean inKey = rule.key() != null && rule.key().columns().stream().anyMatch(column::equalsIgnoreCase);
        return rule.id() + (!inKey ? ".when" : rule.effect() == KeyRule.Effect.TAG ? ".tag" : ".key");
    }

    /** Whether a column can be in a key. */
    record KeySafety(Finding.Severity severity, @Nullable String problem) {
        private static final Set<String> READABLE = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii");

        static KeySafety of(Schema.Column column, boolean zoneKnown) {
            ColumnType type = ColumnType.parse(column.type());
            return switch (type.kind()) {
                case FLOAT, DOUBLE ->
                    warning("is a floating-point number, which a load rarely finds by its text: use decimal");
                case JSON -> error("is a document: name a path, {json(" + column.name() + ", '$.path')}");
                case UNSAFE -> error("has no agreed text, so every change clears the group: keep it out of keys");
                case TIMESTAMP ->
                    zoneKnown
                            ? fine()
                            : error("is printed by Canal in its own time zone, so every change clears the group: set"
                                    + " canal-time-zone of the source");
                case TEXT -> text(type, column);
                case BINARY ->
                    type.name().endsWith("blob")
                            ? warning("can be of any length, and a key cannot: use varbinary")
                            : fine();
                default -> fine();
            };
        }

        private static KeySafety text(ColumnType type, Schema.Column column) {
            if (column.charset() != null && !READABLE.contains(column.charset())) {
                return error("has character set " + column.charset()
                        + ", which Canal reads as UTF-8: convert it to utf8mb4");
            }
            return type.name().endsWith("text")
                    ? warning("can be of any length, and a key cannot: use varchar")
                    : fine();
        }

        private static KeySafety fine() {
            return new KeySafety(Finding.Severity.NOTE, null);
        }

        private static KeySafety warning(String problem) {
            return new KeySafety(Finding.Severity.WARNING, problem);
        }

        private static KeySafety error(String problem) {
            return new KeySafety(Finding.Severity.ERROR, problem);
        }
    }
}
