package io.sluice.sync.flow;

import io.sluice.sync.source.ColumnTypes;
import java.util.HashMap;
import java.util.Map;

/** The tables of the recorded statements, as an operator would declare them. */
final class GoldenTypes {
    static final ColumnTypes DECLARED = new ColumnTypes(Map.of("golden.students", students(), "golden.types", types()));

    private GoldenTypes() {}

    private static Map<String, String> students() {
        return Map.of("id", "int", "name", "varchar(20)", "class_id", "int", "score", "decimal(10,2)", "note", "text");
    }

    private static Map<String, String> types() {
        Map<String, String> types = new HashMap<>();
        for (String column : ("id INT, c_tinyint TINYINT, c_bool TINYINT(1), c_usmallint SMALLINT UNSIGNED,"
                        + " c_mediumint MEDIUMINT, c_zerofill INT(8) UNSIGNED ZEROFILL, c_bigint BIGINT,"
                        + " c_ubigint BIGINT UNSIGNED, c_decimal DECIMAL(10;2), c_wide DECIMAL(38;10), c_float FLOAT,"
                        + " c_double DOUBLE, c_bit1 BIT(1), c_bit8 BIT(8), c_bit64 BIT(64), c_char CHAR(10),"
                        + " c_varchar VARCHAR(50), c_latin VARCHAR(10), c_text TEXT, c_enum ENUM('red';'it''s green'),"
                        + " c_set SET('a';'b';'c'), c_date DATE, c_datetime DATETIME, c_datetime6 DATETIME(6),"
                        + " c_timestamp TIMESTAMP(3), c_time TIME, c_time3 TIME(3), c_year YEAR, c_binary BINARY(8),"
                        + " c_varbinary VARBINARY(16), c_blob BLOB, c_json JSON")
                .split(", ", -1)) {
            String[] words = column.strip().split(" ", 2);
            types.put(words[0], words[1].replace(';', ','));
        }
        return types;
    }
}
