package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalTextTest {
    private static void assertSame(String type, String canal, String expected, Object... jdbc) {
        assertThat(CanonicalText.fromCanal(type, canal)).isEqualTo(new Canonical.Text(expected));
        assertThat(CanonicalText.fromCanal(type, expected)).satisfies(again -> {
            if (!type.contains("bin") && !type.contains("blob")) {
                assertThat(again).isEqualTo(new Canonical.Text(expected));
            }
        });
        for (Object value : jdbc) {
            assertThat(CanonicalText.fromJdbc(type, value))
                    .as("%s", value.getClass())
                    .isEqualTo(new Canonical.Text(expected));
        }
    }

    @Test
    void wholeNumbers() {
        assertSame("int(11)", "7", "7", 7, 7L, (short) 7, (byte) 7, "7", BigInteger.valueOf(7));
        assertSame(
                "bigint unsigned",
                "18446744073709551615",
                "18446744073709551615",
                new BigInteger("18446744073709551615"));
        assertSame("int(5) unsigned zerofill", "00042", "42", 42L);
        assertSame("INT", "-0", "0", 0);
        assertSame("bigint(20)", "-9223372036854775808", "-9223372036854775808", Long.MIN_VALUE);
        assertSame("tinyint(1)", "1", "1", true, 1, (byte) 1);
        assertSame("tinyint(1)", "0", "0", false);
        assertSame("tinyint(1)", "2", "2", 2);
    }

    @Test
    void decimals() {
        assertSame("decimal(10,2)", "1.0", "1.00", new BigDecimal("1.00"), "1.00", 1);
        assertSame("decimal(10,2)", "90.50", "90.50", new BigDecimal("90.50"));
        assertSame("decimal(10,2) unsigned", "90.5", "90.50", new BigDecimal("90.5"));
        assertSame("decimal(30,0)", "100000000000000000000", "100000000000000000000", new BigDecimal("1E20"));
        assertSame("decimal", "5", "5", new BigDecimal("5"));
        assertSame("DECIMAL(10, 3)", "-0.0", "0.000", new BigDecimal("0.000"));
    }

    @Test
    void texts() {
        assertSame("varchar(64)", " Ännä 'x' ", " Ännä 'x' ", " Ännä 'x' ");
        assertSame("char(2)", "", "", "");
        assertSame("text", "007", "007", "007");
        // Of a latin1 column: Canal reads its bytes as UTF-8.
        assertThat(CanonicalText.fromCanal("varchar(9)", "Zo\uFFFD")).isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void timesOfTheCalendar() {
        assertSame("date", "2024-02-29", "2024-02-29", LocalDate.of(2024, 2, 29), Date.valueOf("2024-02-29"));
        var second = LocalDateTime.of(2024, 2, 29, 23, 59, 1);
        assertSame("datetime", "2024-02-29 23:59:01", "2024-02-29 23:59:01", second, Timestamp.valueOf(second));
        var fraction = second.withNano(120_000_000);
        assertSame(
                "datetime(3)",
                "2024-02-29 23:59:01.12",
                "2024-02-29 23:59:01.120",
                fraction,
                Timestamp.valueOf(fraction));
        assertSame("datetime(6)", "2024-02-29 23:59:01", "2024-02-29 23:59:01.000000", second);
        assertSame("time", "23:59:01", "23:59:01", LocalTime.of(23, 59, 1), Time.valueOf("23:59:01"));
        assertSame("time(2)", "-838:59:59.5", "-838:59:59.50", "-838:59:59.50");
        assertSame("year", "2024", "2024", 2024, (short) 2024, Date.valueOf("2024-01-01"), LocalDate.of(2024, 1, 1));
        assertSame("year(4)", "0", "0000", 0);
    }

    @Test
    void binary() {
        assertSame("varbinary(16)", "\u0000ÿa", "00ff61", new byte[] {0, -1, 'a'});
        assertSame("binary(4)", "ab", "61620000", new byte[] {'a', 'b', 0, 0});
        assertSame("blob", "", "", new byte[0]);
    }

    @Test
    void floatingPointNumbersHaveTheFewestDigitsThatGiveThemAgain() {
        assertSame("float", "1.5", "1.5", 1.5f, 1.5d);
        assertSame("float", "0.1", "0.1", 0.1f);
        assertSame("float", "1.0E10", "10000000000", 1e10f);
        assertSame("double", "0.1", "0.1", 0.1d);
        assertSame("double", "2.0E-3", "0.002", 0.002d);
        assertSame("double(10,2)", "-0.0", "0", -0.0d, 0.0d);
        assertSame(
                "double unsigned", "1.7976931348623157E308", "17976931348623157" + "0".repeat(292), Double.MAX_VALUE);
        assertThat(CanonicalText.fromCanal("double", "NaN")).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromCanal("float", "1e39")).isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void bitsAreAnUnsignedNumber() {
        assertThat(CanonicalText.fromCanal("bit(1)", "1")).isEqualTo(new Canonical.Text("1"));
        assertThat(CanonicalText.fromJdbc("bit(1)", true)).isEqualTo(new Canonical.Text("1"));
        assertThat(CanonicalText.fromJdbc("bit(8)", new byte[] {(byte) 0x81})).isEqualTo(new Canonical.Text("129"));
        assertThat(CanonicalText.fromCanal("bit(64)", "-1")).isEqualTo(new Canonical.Text("18446744073709551615"));
        assertThat(CanonicalText.fromCanal("bit(8)", "-1")).isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void labelsAreTextsAndCanalsIndexesBecomeLabels() {
        String type = "enum('red','it''s','a,b')";
        assertThat(CanonicalText.fromCanal(type, "2")).isEqualTo(new Canonical.Text("it's"));
        assertThat(CanonicalText.fromCanal(type, "0")).isEqualTo(new Canonical.Text(""));
        assertThat(CanonicalText.fromCanal(type, "4")).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromCanal("enum('a\\b')", "1")).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromCanal("enum", "1")).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromJdbc("ENUM", "it's")).isEqualTo(new Canonical.Text("it's"));
        assertThat(CanonicalText.fromCanal("set('a','b','c')", "5")).isEqualTo(new Canonical.Text("a,c"));
        assertThat(CanonicalText.fromCanal("set('a','b','c')", "8")).isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void timestampsAreUtcWhereTheZoneOfCanalIsKnown() {
        ColumnType type = ColumnType.parse("timestamp(3)");
        assertThat(CanonicalText.fromCanal("timestamp(3)", "2024-02-29 12:00:00"))
                .isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromCanal(type, "2024-02-29 12:00:00.5", ZoneId.of("Asia/Shanghai")))
                .isEqualTo(new Canonical.Text("2024-02-29 04:00:00.500"));
        assertThat(CanonicalText.fromJdbc("TIMESTAMP(3)", "2024-02-29 04:00:00.5"))
                .isEqualTo(new Canonical.Text("2024-02-29 04:00:00.500"));
        assertThat(CanonicalText.fromJdbc("TIMESTAMP(3)", Timestamp.from(Instant.parse("2024-02-29T04:00:00.5Z"))))
                .isEqualTo(new Canonical.Text("2024-02-29 04:00:00.500"));
    }

    @Test
    void timestampsThatEndInZNeedNoZone() {
        ColumnType type = ColumnType.parse("timestamp(3)");
        for (ZoneId zone : new ZoneId[] {null, ZoneId.of("Asia/Shanghai")}) {
            assertThat(CanonicalText.fromCanal(type, "2024-02-29 12:00:00.5Z", zone))
                    .isEqualTo(new Canonical.Text("2024-02-29 12:00:00.500"));
        }
    }

    @Test
    void timestampsOfAnHourThatComesTwiceAreRefused() {
        ColumnType type = ColumnType.parse("timestamp");
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertThat(CanonicalText.fromCanal(type, "2024-10-27 02:30:00", berlin)).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromCanal(type, "2024-10-27 03:30:00", berlin))
                .isEqualTo(new Canonical.Text("2024-10-27 02:30:00"));
        assertThat(CanonicalText.fromCanal(type, "0000-00-00 00:00:00", berlin)).isInstanceOf(Canonical.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "geometry", "", "(", "vector(3)"})
    void unsafeTypesAreRefusedFromBothSides(String type) {
        assertThat(CanonicalText.fromCanal(type, "1")).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromJdbc(type, "1")).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromJdbc(type, 1.0)).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromJdbc(type, new byte[1])).isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void valuesThatAreNotOfTheirTypeAreRefusedWithoutQuotingThem() {
        var refused = new Canonical.Refused("the value is not what type int says");
        for (String wrong : new String[] {"", "x", "1.5", "1e5", " 1", "٣"}) {
            assertThat(CanonicalText.fromCanal("int", wrong)).isEqualTo(refused);
        }
        assertThat(CanonicalText.fromJdbc("int", 1.5)).isEqualTo(refused);
        assertThat(CanonicalText.fromJdbc("int", new byte[1])).isEqualTo(refused);
        for (String[] pair : new String[][] {
            {"decimal(10,2)", "1.001"},
            {"decimal(10,2)", "1E5"},
            {"date", "2024-1-1"},
            {"datetime", "2024-01-01 00:00:00.5"},
            {"datetime", "2024-01-01"},
            {"time", "1:2:3"},
            {"year", "20245"},
            {"varbinary(4)", "€"},
            {"binary(1)", "ab"}
        }) {
            assertThat(CanonicalText.fromCanal(pair[0], pair[1])).as(pair[0]).isInstanceOf(Canonical.Refused.class);
        }
        assertThat(CanonicalText.fromJdbc("varchar(5)", 5)).isInstanceOf(Canonical.Refused.class);
        assertThat(CanonicalText.fromJdbc("varbinary(5)", "ab")).isInstanceOf(Canonical.Refused.class);
    }

    @Test
    void typesAreBuiltFromJdbcMetadata() {
        assertThat(CanonicalText.mysqlType("DECIMAL", 10, 2)).isEqualTo("decimal(10,2)");
        assertThat(CanonicalText.mysqlType("DECIMAL UNSIGNED", 10, 2)).isEqualTo("decimal(10,2)");
        assertThat(CanonicalText.mysqlType("BIGINT UNSIGNED", 20, 0)).isEqualTo("bigint unsigned");
        assertThat(CanonicalText.mysqlType("DATETIME", 19, 0)).isEqualTo("datetime(0)");
        assertThat(CanonicalText.mysqlType("DATETIME", 23, 0)).isEqualTo("datetime(3)");
        assertThat(CanonicalText.mysqlType("DATETIME", 26, 0)).isEqualTo("datetime(6)");
        assertThat(CanonicalText.mysqlType("TIME", 10, 0)).isEqualTo("time(0)");
        assertThat(CanonicalText.mysqlType("TIME", 13, 0)).isEqualTo("time(2)");
        assertThat(CanonicalText.mysqlType("BINARY", 16, 0)).isEqualTo("binary(16)");
        assertThat(CanonicalText.mysqlType("VARCHAR", 64, 0)).isEqualTo("varchar");
    }
}
