package io.sluice.mapping;

import io.sluice.config.Secret;
import java.io.StringWriter;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * The JSON Schema of the rules file, made from the records that the file is read into, so that the two cannot differ:
 * editors complete and check the file with it. Used once. Single-threaded.
 */
public final class RulesSchema {
    private static final String DURATION = "^(\\d{1,9} ?(ms|s|m|h|d)|.*\\$\\{.*)$";
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("sources", "The MySQL servers, by name"),
            Map.entry("groups", "The key spaces, by name"),
            Map.entry("invalidate", "What changes of tables make the cache forget"),
            Map.entry("read-url", "Where loads go instead of jdbc-url: replicas, one server or several"),
            Map.entry("max-staleness", "How stale an answer may be at most, such as 60s"),
            Map.entry("past-max-staleness", "serve, bypass or fail: what becomes of an answer past max-staleness"),
            Map.entry("canal-time-zone", "The time zone of Canal's JVM, such as UTC or Asia/Shanghai"),
            Map.entry("load", "The query that loads a value; each column of the key as :name"),
            Map.entry("batch-load", "Loads several keys at once: the same columns, WHERE id IN (:keys)"),
            Map.entry("loader", "The name of the Java loader of values that are not rows"),
            Map.entry("settings", "What the Java loader is told"),
            Map.entry("value", "json, raw (the bytes of one column) or struct (google.protobuf.Struct)"),
            Map.entry("table", "database.table, a wildcard, or a regular expression between slashes"),
            Map.entry("key", "A template: {column}, {lower(column)}, literal text"),
            Map.entry("tag", "A template of a tag that entries carry"),
            Map.entry("clear", "true: the whole group"),
            Map.entry("query", "Finds the keys: each column of the changed row as :name; key is over what it returns"),
            Map.entry("when", "changed(a, b), inserted, updated, deleted, or an expression in CEL"),
            Map.entry("null-key", "What a NULL in the key does"),
            Map.entry("again-after", "When to remove a second time"),
            Map.entry("cascades", "Rows of other tables that a foreign key deletes or changes with a row of this one"),
            Map.entry("columns", "Each column of the other table with the column of this one that it equals"));

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;

    private RulesSchema() {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        json = new JsonFactory()
                .createGenerator(
                        new ObjectWriteContext.Base() {
                            @Override
                            public DefaultPrettyPrinter getPrettyPrinter() {
                                return new DefaultPrettyPrinter()
                                        .withObjectIndenter(lines)
                                        .withArrayIndenter(DefaultPrettyPrinter.NopIndenter.instance());
                            }
                        },
                        text);
    }

    /** The text of the schema (2020-12). */
    public static String text() {
        RulesSchema schema = new RulesSchema();
        schema.write();
        return schema.text + "\n";
    }

    private void write() {
        json.writeStartObject();
        json.writeStringProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.writeStringProperty("title", "Sluice rules file");
        record(RulesFile.class);
        json.writeEndObject();
        json.close();
    }

    private void record(Class<?> type) {
        json.writeStringProperty("type", "object");
        json.writeBooleanProperty("additionalProperties", false);
        RecordComponent[] components = type.getRecordComponents();
        json.writeArrayPropertyStart("required");
        Arrays.stream(components)
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .forEach(component -> json.writeString(name(component)));
        json.writeEndArray();
        json.writeObjectPropertyStart("properties");
        for (RecordComponent component : components) {
            json.writeObjectPropertyStart(name(component));
            String words = WORDS.get(name(component));
            if (words != null) {
                json.writeStringProperty("description", words);
            }
            value(name(component), component.getAnnotatedType());
            json.writeEndObject();
        }
        json.writeEndObject();
        if (type == RulesFile.Key.class) {
            oneOf("key", "tag", "clear");
            needs("query", "key");
        }
    }

    private void needs(String name, String other) {
        json.writeObjectPropertyStart("dependentRequired");
        json.writeArrayPropertyStart(name);
        json.writeString(other);
        json.writeEndArray();
        json.writeEndObject();
    }

    /** One effect a rule. */
    private void oneOf(String... names) {
        json.writeArrayPropertyStart("oneOf");
        for (String name : names) {
            json.writeStartObject();
            json.writeArrayPropertyStart("required");
            json.writeString(name);
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void value(String name, AnnotatedType annotated) {
        Type type = annotated.getType();
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            json.writeStringProperty("type", "object");
            if (name.equals("groups")) {
                json.writeNumberProperty("minProperties", 1);
            }
            json.writeObjectPropertyStart("additionalProperties");
            type(generic.getActualTypeArguments()[1]);
            json.writeEndObject();
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            json.writeStringProperty("type", "array");
            json.writeObjectPropertyStart("items");
            type(generic.getActualTypeArguments()[0]);
            json.writeEndObject();
        } else if (name.equals("version")) {
            json.writeNumberProperty("const", 1);
        } else {
            type(type);
        }
    }

    private void type(Type type) {
        if (type == String.class || type == Secret.class) {
            json.writeStringProperty("type", "string");
        } else if (type == Boolean.class) {
            json.writeStringProperty("type", "boolean");
        } else if (type == Duration.class) {
            json.writeStringProperty("type", "string");
            json.writeStringProperty("pattern", DURATION);
        } else if (type instanceof Class<?> words && words.isEnum()) {
            json.writeArrayPropertyStart("enum");
            Arrays.stream(words.getEnumConstants())
                    .forEach(word -> json.writeString(word.toString().toLowerCase(Locale.ROOT)));
            json.writeEndArray();
        } else if (type instanceof Class<?> part && part.isRecord()) {
            record(part);
        } else {
            throw new IllegalStateException("no schema for " + type);
        }
    }

    /** As the file spells a component. */
    private static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
