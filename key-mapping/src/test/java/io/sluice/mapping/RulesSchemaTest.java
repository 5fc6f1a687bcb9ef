package io.sluice.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.sluice.config.ConfigException;
import io.sluice.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schema and the parser say the same: what one refuses for its shape, the other refuses. */
class RulesSchemaTest {
    private static final Path PUBLISHED = Path.of("..", "docs", "rules.schema.json");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(RulesSchema.text());

    private static final String EVERYTHING = """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice, password: "x", coherence: gtid, canal-time-zone: UTC }
            groups:
              student: { source: app, key: "{id}", load: "SELECT id FROM students WHERE id = :id", rows: one, value: json,
                         batch-load: "SELECT id FROM students WHERE id IN (:ids)", ttl: 10m,
                         negative-ttl: 5s, policy: lru, tags: ["id:{id}"] }
              forecast: { source: app, key: "{city}", loader: weather, settings: { url: "http://weather" } }
            invalidate:
              - table: app.students
                keys:
                  - { group: student, key: "{id}", when: "changed(id)", null-key: clear, again-after: 1s }
                  - { group: student, tag: "id:{class_id}" }
                  - { group: student, clear: true }
                  - { group: student, key: "{id}", query: "SELECT id FROM students WHERE class_id = :class_id" }
              - table: app.classes
                cascades: [ { table: app.students, columns: { class_id: id } } ]
            """;

    private static List<String> schemaErrors(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML).stream()
                .map(String::valueOf)
                .toList();
    }

    private static boolean isSound(String yaml) {
        try {
            Rules.parse("rules.yaml", yaml, School.ENV);
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }

    private static boolean hasShape(String yaml) {
        try {
            ConfigFile.parse("rules.yaml", yaml, RulesFile.class, School.ENV);
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }

    @Test
    void theSchemaAdmitsWhatTheParserReads() {
        for (String yaml : List.of(School.YAML, EVERYTHING)) {
            assertThat(isSound(yaml)).isTrue();
            assertThat(schemaErrors(yaml)).isEmpty();
        }
    }

    /** Every value removed, replaced by a list or an empty mapping, and every mapping with one key more. */
    private static List<String> mutations(String yaml) {
        List<String> mutated = new ArrayList<>();
        int places = count(YAML.readTree(yaml));
        for (int place = 0; place < places; place++) {
            for (int kind = 0; kind < 4; kind++) {
                JsonNode tree = YAML.readTree(yaml);
                if (new Mutation(place, kind).apply(tree)) {
                    mutated.add(YAML.writeValueAsString(tree));
                }
            }
        }
        return mutated;
    }

    private static int count(JsonNode node) {
        int count = 1;
        for (JsonNode child : node) {
            count += count(child);
        }
        return count;
    }

    private static final class Mutation {
        private final int kind;
        private int left;

        Mutation(int place, int kind) {
            this.left = place;
            this.kind = kind;
        }

        boolean apply(JsonNode node) {
            if (node instanceof ObjectNode object) {
                for (String name : new TreeSet<>(object.propertyNames())) {
                    if (left-- == 0) {
                        change(object, name);
                        return true;
                    }
                    if (apply(object.get(name))) {
                        return true;
                    }
                }
            } else if (node instanceof ArrayNode array) {
                for (JsonNode child : array) {
                    if (apply(child)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void change(ObjectNode object, String name) {
            switch (kind) {
                case 0 -> object.remove(name);
                case 1 -> object.putArray(name).addArray();
                case 2 -> object.putObject(name).put("unheard-of", "x");
                default -> object.put("unheard-of", "x");
            }
        }
    }

    @Test
    void whatOneRefusesForItsShapeTheOtherRefuses() {
        List<String> mutations = mutations(EVERYTHING);
        assertThat(mutations).hasSizeGreaterThan(100);
        int refused = 0;
        for (String yaml : mutations) {
            List<String> errors = schemaErrors(yaml);
            if (errors.isEmpty()) {
                assertThat(hasShape(yaml)).as("the schema admits%n%s", yaml).isTrue();
            } else {
                refused++;
                assertThat(isSound(yaml))
                        .as("the schema says %s of%n%s", errors, yaml)
                        .isFalse();
            }
        }
        assertThat(refused).isGreaterThan(80);
    }

    @Test
    void thePublishedSchemaIsTheGeneratedOne() throws IOException {
        if (System.getenv("SLUICE_CAPTURE") != null) {
            Files.writeString(PUBLISHED, RulesSchema.text(), UTF_8);
        }
        assertThat(Files.readString(PUBLISHED, UTF_8)).isEqualTo(RulesSchema.text());
    }
}
