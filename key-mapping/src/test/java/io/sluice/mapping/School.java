package io.sluice.mapping;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules and rows that the tests share. */
final class School {
    static final String YAML = """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://mysql:3306/app", username: sluice, password: "${SLUICE_DB_PASSWORD}", coherence: gtid }
            groups:
              student:        { source: app, key: "{id}",       load: "SELECT id, name, score FROM students WHERE id = :id", ttl: 10m, negative-ttl: 5s }
              class-roster:   { source: app, key: "{class_id}", load: "SELECT id, name FROM students WHERE class_id = :class_id ORDER BY id", rows: many, ttl: 10m }
            invalidate:
              - table: app.students
                keys:
                  - { group: student, key: "{id}" }
                  - { group: class-roster, key: "{class_id}", when: "changed(class_id, name)" }
            """;

    static final Map<String, String> ENV = Map.of("SLUICE_DB_PASSWORD", "hunter2");

    static final Map<String, String> TYPES =
            Map.of("id", "bigint unsigned", "name", "varchar(64)", "score", "decimal(10,2)", "class_id", "int(11)");

    private School() {}

    static Rules rules() {
        return Rules.parse("rules.yaml", YAML, ENV);
    }

    static Map<String, @Nullable String> student(String id, String name, String score, @Nullable String classId) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        row.put("id", id);
        row.put("name", name);
        row.put("score", score);
        row.put("class_id", classId);
        return row;
    }

    static Map<String, @Nullable String> row(@Nullable String... namesAndValues) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return row;
    }

    static List<String> brief(List<Invalidation> all) {
        return all.stream()
                .map(one -> switch (one.scope()) {
                    case KEY -> one.group() + "/" + one.key();
                    case TAG -> one.group() + "#" + one.key();
                    case GROUP -> one.group() + "/*: " + one.reason();
                    case QUERY -> one.group() + "?" + String.valueOf(one.fanOut()) + parameters(one);
                })
                .toList();
    }

    private static String parameters(Invalidation one) {
        FanOut fanOut = one.fanOut();
        return fanOut == null ? "" : fanOut.parameters().toString();
    }

    static List<String> update(Rules rules, Map<String, @Nullable String> data, Map<String, @Nullable String> old) {
        return brief(rules.invalidations(RowChange.update("app", "students", TYPES, data, old)));
    }
}
