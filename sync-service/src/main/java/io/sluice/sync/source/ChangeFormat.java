package io.sluice.sync.source;

import io.sluice.config.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The change formats by the names that a configuration has. docs/formats.md says what each can tell. */
public enum ChangeFormat {
    /** Canal with {@code canal.mq.flatMessage=true}, and what others write in its form. */
    CANAL_JSON,
    /** Canal with {@code canal.mq.flatMessage=false}. */
    CANAL_PROTOBUF,
    /** Debezium's MySQL connector with the JSON converter, with schemas or without. */
    DEBEZIUM_JSON,
    /** Maxwell. */
    MAXWELL_JSON;

    /** The format of that name; IllegalArgumentException that says which there are. */
    public static ChangeFormat named(String name) {
        for (ChangeFormat format : values()) {
            if (format.text().equals(name)) {
                return format;
            }
        }
        List<String> names = Arrays.stream(values()).map(ChangeFormat::text).toList();
        throw new IllegalArgumentException("there is no format '" + name + "'; "
                + NearestName.of(name, names)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("there are " + String.join(", ", names)));
    }

    /** The name in a configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads records of this format; those of more than {@code maxBytes} bytes for their table only. */
    public ChangeSource source(int maxBytes, ColumnTypes declared) {
        return switch (this) {
            case CANAL_JSON ->
                declared.isEmpty()
                        ? new CanalFlatJson(maxBytes)
                        : new TypedChanges(new CanalFlatJson(maxBytes), declared);
            case CANAL_PROTOBUF -> new CanalProtobuf(maxBytes);
            case DEBEZIUM_JSON -> new DebeziumJson(maxBytes, declared);
            case MAXWELL_JSON -> new MaxwellJson(maxBytes, declared);
        };
    }
}
