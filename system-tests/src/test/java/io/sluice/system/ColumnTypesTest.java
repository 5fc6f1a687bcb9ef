package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.ServedFrom;
import io.sluice.devstack.Devstack;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;

/**
 * Keys of every MySQL type. Where a key has one agreed text, what Canal prints and what the node reads agree on it: the
 * entry is kept, and goes when its row changes. Where it has none, a change of any row clears the group.
 */
@SystemTest
@Order(5)
class ColumnTypesTest {
    /** A key column: its type, its value in SQL, the key of that value, its template, and how a load compares it. */
    private record KeyColumn(String name, String type, String value, String key, String template, String condition) {
        /** As it is. */
        KeyColumn(String name, String type, String value, String key, String comparison) {
            this(name, type, value, key, "{" + name + "}", name + " = " + comparison);
        }

        static KeyColumn of(String name, String type, String value, String key) {
            return new KeyColumn(name, type, value, key, ":" + name);
        }

        static KeyColumn binary(String name, String type, String value, String key) {
            return new KeyColumn(name, type, value, key, "UNHEX(:" + name + ")");
        }
    }

    private static final List<KeyColumn> AGREED = List.of(
            KeyColumn.of("k_tinyint", "TINYINT", "-128", "-128"),
            KeyColumn.of("k_bool", "TINYINT(1)", "2", "2"),
            KeyColumn.of("k_smallint", "SMALLINT UNSIGNED", "65535", "65535"),
            KeyColumn.of("k_mediumint", "MEDIUMINT", "-8388608", "-8388608"),
            KeyColumn.of("k_int", "INT UNSIGNED", "4294967295", "4294967295"),
            KeyColumn.of("k_zerofill", "INT(8) UNSIGNED ZEROFILL", "42", "42"),
            KeyColumn.of("k_bigint", "BIGINT", "-9223372036854775808", "-9223372036854775808"),
            KeyColumn.of("k_ubigint", "BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"),
            KeyColumn.of("k_decimal", "DECIMAL(10,2)", "1", "1.00"),
            KeyColumn.of("k_big_decimal", "DECIMAL(38,10)", "-0.5", "-0.5000000000"),
            KeyColumn.of("k_varchar", "VARCHAR(50)", "'Zoë 学校 :/'", "Zoë 学校 :/"),
            KeyColumn.of("k_char", "CHAR(10)", "'Ann'", "Ann"),
            KeyColumn.of("k_text", "TEXT", "'some text'", "some text"),
            KeyColumn.of("k_date", "DATE", "'2024-02-29'", "2024-02-29"),
            KeyColumn.of("k_datetime", "DATETIME", "'2024-02-29 23:59:59'", "2024-02-29 23:59:59"),
            KeyColumn.of("k_datetime6", "DATETIME(6)", "'2024-02-29 01:02:03.040500'", "2024-02-29 01:02:03.040500"),
            KeyColumn.of("k_datetime3", "DATETIME(3)", "'1999-12-31 00:00:00'", "1999-12-31 00:00:00.000"),
            KeyColumn.of("k_time", "TIME", "'07:08:09'", "07:08:09"),
            KeyColumn.of("k_time3", "TIME(3)", "'07:08:09.120'", "07:08:09.120"),
            KeyColumn.of("k_long_time", "TIME", "'-123:45:56'", "-123:45:56"),
            KeyColumn.of("k_year", "YEAR", "2024", "2024"),
            KeyColumn.binary("k_varbinary", "VARBINARY(16)", "X'00FF10AB'", "00ff10ab"),
            KeyColumn.binary("k_binary", "BINARY(8)", "X'01020000'", "0102000000000000"),
            KeyColumn.binary("k_blob", "TINYBLOB", "X'CAFE'", "cafe"),
            KeyColumn.of("k_float", "FLOAT", "1.5", "1.5"),
            KeyColumn.of("k_double", "DOUBLE", "0.1", "0.1"),
            KeyColumn.of("k_big_double", "DOUBLE", "1.5e20", "150000000000000000000"),
            KeyColumn.of("k_enum", "ENUM('red','it''s green')", "2", "it's green"),
            KeyColumn.of("k_set", "SET('a','b','c')", "'c,a'", "a,c"),
            KeyColumn.of("k_timestamp", "TIMESTAMP(3) NULL", "'2024-02-29 12:34:56.7'", "2024-02-29 12:34:56.700"),
            new KeyColumn("k_bit", "BIT(8)", "b'00000111'", "7", "CAST(:k_bit AS UNSIGNED)"),
            new KeyColumn("k_bit1", "BIT(1)", "b'1'", "1", "CAST(:k_bit1 AS UNSIGNED)"),
            new KeyColumn("k_bit40", "BIT(40)", "1099511627775", "1099511627775", "CAST(:k_bit40 AS UNSIGNED)"));

    /** Functions in the key of a group with a load: the row's column gives the key by it, in both ways of reading. */
    private static final List<KeyColumn> FUNCTIONS = List.of(
            function("f_lower", "VARCHAR(50)", "'ANN Zoë'", "ann zoë", "lower(f_lower)", "f_lower = :f_lower"),
            function("f_upper", "VARCHAR(50)", "'Ann Zoë'", "ANN ZOË", "upper(f_upper)", "f_upper = :f_upper"),
            function("f_trim", "VARCHAR(50)", "'  Ann '", "ann", "lower(trim(f_trim))", "TRIM(f_trim) = :f_trim"),
            function(
                    "f_sub",
                    "VARCHAR(50)",
                    "'Zoë 学校'",
                    "oë 学",
                    "substring(f_sub, 2, 4)",
                    "SUBSTRING(f_sub, 2, 4) = :f_sub"),
            function("f_hash", "VARCHAR(50)", "'MySQL'", "3259397556", "hash(f_hash)", "CRC32(f_hash) = :f_hash"),
            function("f_mod", "BIGINT", "-10", "-3", "mod(f_mod, 7)", "MOD(f_mod, 7) = :f_mod"),
            function(
                    "f_day",
                    "DATETIME(3)",
                    "'2024-02-29 23:59:59.5'",
                    "2024-02-29",
                    "date(f_day, 'yyyy-MM-dd')",
                    "DATE(f_day) = :f_day"),
            function(
                    "f_zone",
                    "TIMESTAMP NULL",
                    "'2024-02-29 23:30:00'",
                    "2024-03-01",
                    "date(f_zone, 'yyyy-MM-dd', '+01:00')",
                    "DATE(CONVERT_TZ(f_zone, '+00:00', '+01:00')) = :f_zone"),
            function(
                    "f_json",
                    "JSON",
                    "'{\"a\": [1, \"x y\"]}'",
                    "x y",
                    "json(f_json, '$.a[1]')",
                    "f_json->>'$.a[1]' = :f_json"),
            function(
                    "f_enum",
                    "TINYINT",
                    "2",
                    "paid",
                    "enum(f_enum, 'new', 'paid')",
                    "ELT(f_enum, 'new', 'paid') = :f_enum"),
            function(
                    "f_base64",
                    "VARBINARY(16)",
                    "X'00FF10AB'",
                    "AP8Qqw==",
                    "base64(f_base64)",
                    "f_base64 = FROM_BASE64(:f_base64)"));

    private static KeyColumn function(
            String name, String type, String value, String key, String template, String condition) {
        return new KeyColumn(name, type, value, key, "{" + template + "}", condition);
    }

    private static final List<KeyColumn> REFUSED =
            List.of(new KeyColumn("k_json", "JSON", "'{\"a\": 1}'", "{\"a\": 1}", "CAST(:k_json AS JSON)"));

    private final Scene scene;
    private int payload;

    ColumnTypesTest(Devstack stack) {
        StringBuilder groups = new StringBuilder("groups:\n");
        StringBuilder rules = new StringBuilder("invalidate:\n  - table: ${db}.types\n    keys:\n");
        StringBuilder table = new StringBuilder("CREATE TABLE types (id INT PRIMARY KEY, payload INT NOT NULL");
        StringBuilder row = new StringBuilder("INSERT INTO types VALUES (1, 0");
        Stream.of(AGREED, FUNCTIONS, REFUSED).flatMap(List::stream).forEach(column -> {
            groups.append("""
                      by-%1$s:
                        source: app
                        key: "%3$s"
                        load: "SELECT payload, %2$s FROM types WHERE %4$s"
                    """.formatted(group(column), column.name(), column.template(), column.condition()));
            rules.append("      - { group: by-%s, key: \"%s\" }%n".formatted(group(column), column.template()));
            table.append(", ").append(column.name()).append(' ').append(column.type());
            row.append(", ").append(column.value());
        });
        scene = Scene.start(
                stack,
                "types",
                2,
                groups.append(rules).toString(),
                table.append(')').toString(),
                row.append(')').toString());
        scene.cluster().awaitKeeping(scene.client(), "by-k-tinyint", "-128");
    }

    private static String group(KeyColumn column) {
        return column.name().replace('_', '-');
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @TestFactory
    Stream<DynamicTest> entryIsKeptAndGoesWhenItsRowChanges() {
        return Stream.of(AGREED, FUNCTIONS)
                .flatMap(List::stream)
                .map(column -> DynamicTest.dynamicTest(column.name(), () -> {
                    String group = "by-" + group(column);
                    await().until(() -> scene.client().get(group, column.key()).servedFrom() == ServedFrom.MEMORY);
                    assertChangeIsSeen(group, column.key());
                }));
    }

    @TestFactory
    Stream<DynamicTest> keyWithoutAnAgreedTextGoesWithItsGroup() {
        return REFUSED.stream()
                .map(column -> DynamicTest.dynamicTest(column.name(), () -> {
                    String group = "by-" + group(column);
                    double before = groupRemovals(group);
                    assertChangeIsSeen(group, column.key());
                    await().until(() -> groupRemovals(group) > before);
                }));
    }

    private double groupRemovals(String group) {
        return Metrics.sum(
                scene.cluster().sync(), "sluice_sync_removals_total", "group=\"" + group + "\"", "scope=\"group\"");
    }

    private void assertChangeIsSeen(String group, String key) {
        scene.nodes().forEach(node -> scene.on(node, group, key));
        payload++;
        scene.sql("UPDATE types SET payload = " + payload);
        for (SluiceProcess node : scene.nodes()) {
            await().untilAsserted(
                            () -> assertThat(scene.on(node, group, key).text().orElse("not found"))
                                    .startsWith("{\"payload\":" + payload + ","));
        }
    }
}
