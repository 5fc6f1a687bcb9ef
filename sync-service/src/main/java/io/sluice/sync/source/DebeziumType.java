package io.sluice.sync.source;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How Debezium has written a column: Kafka Connect's type, the name of its meaning, and, where it is known, MySQL's
 * type. Immutable.
 *
 * @param connect such as {@code int32}; empty when nothing is known
 * @param name such as {@code io.debezium.time.Date}; empty for plain values
 * @param scale of decimals
 * @param mysql from {@code column.propagate.source.type} or declared; null when not known
 */
record DebeziumType(
        String connect, String name, int scale, @Nullable MysqlType mysql) {
    static final DebeziumType UNKNOWN = new DebeziumType("", "", 0, null);

    private static final String SOURCE = "__debezium.source.column.";

    /** From the column's schema. */
    static DebeziumType of(JsonNode schema, @Nullable MysqlType declared) {
        JsonNode parameters = schema.path("parameters");
        return new DebeziumType(
                schema.path("type").asString(""),
                schema.path("name").asString(""),
                number(parameters.path("scale").asString("0")),
                parameters.path(SOURCE + "type").isString() ? propagated(parameters) : declared);
    }

    private static MysqlType propagated(JsonNode parameters) {
        String type = parameters.path(SOURCE + "type").asString("");
        String length = parameters.path(SOURCE + "length").asString("");
        String scale = parameters.path(SOURCE + "scale").asString("");
        String numbers = length.isEmpty() ? "" : "(" + length + (scale.isEmpty() ? "" : "," + scale) + ")";
        int space = type.indexOf(' ');
        return MysqlType.parse(space < 0 ? type + numbers : type.substring(0, space) + numbers + type.substring(space));
    }

    /** Without schema: what a declared type leaves no doubt about. */
    static DebeziumType declared(@Nullable MysqlType mysql, JsonNode value) {
        if (mysql == null) {
            return UNKNOWN;
        }
        boolean string = value.isString();
        return switch (mysql.kind()) {
            case INTEGER -> new DebeziumType("int64", "", 0, mysql);
            case DECIMAL -> decimal(mysql, value);
            case FLOATING -> new DebeziumType("double", "", 0, mysql);
            case TEXT -> new DebeziumType("string", "", 0, mysql);
            case LABELS -> new DebeziumType("string", "io.debezium.data.Enum", 0, mysql);
            case BIT ->
                string
                        ? new DebeziumType("bytes", "io.debezium.data.Bits", 0, mysql)
                        : new DebeziumType("boolean", "", 0, mysql);
            case DATE ->
                string
                        ? new DebeziumType("string", "io.debezium.time.IsoDate", 0, mysql)
                        : new DebeziumType("int32", "io.debezium.time.Date", 0, mysql);
            // As a number it could be of milliseconds or of microseconds.
            case DATETIME -> string ? new DebeziumType("string", "io.debezium.time.IsoTimestamp", 0, mysql) : UNKNOWN;
            case TIMESTAMP ->
                string ? new DebeziumType("string", "io.debezium.time.ZonedTimestamp", 0, mysql) : UNKNOWN;
            case YEAR -> new DebeziumType("int32", "io.debezium.time.Year", 0, mysql);
            case JSON -> new DebeziumType("string", "io.debezium.data.Json", 0, mysql);
            // Base64 and hexadecimal cannot be told apart; times out of a day are NULL in some modes.
            case BINARY, TIME, OTHER -> UNKNOWN;
        };
    }

    private static DebeziumType decimal(MysqlType mysql, JsonNode value) {
        if (value.isNumber()) {
            return new DebeziumType("double", "", 0, mysql);
        }
        String text = value.asString("");
        boolean digits = text.matches("-?\\d+");
        if (text.matches("-?\\d+\\.\\d+") || (digits && text.startsWith("-"))) {
            return new DebeziumType("string", "", 0, mysql);
        }
        // In the string mode all digits of the scale are written.
        return digits && mysql.scale() == 0
                ? UNKNOWN
                : new DebeziumType("bytes", DebeziumValue.DECIMAL, mysql.scale(), mysql);
    }

    /** Whether a null may stand for a value that the connector could not write: a TIME of more than a day. */
    boolean losesValues() {
        return name.equals("org.apache.kafka.connect.data.Time") || name.equals("io.debezium.time.IsoTime");
    }

    private static int number(String digits) {
        return digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : 0;
    }
}
