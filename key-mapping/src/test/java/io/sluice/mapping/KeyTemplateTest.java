package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyTemplateTest {
    private static KeyTemplate template(String text) {
        return KeyTemplate.parseTemplate(text);
    }

    /** Of a row of texts. */
    private static Optional<String> render(String template, Map<String, @Nullable String> row) {
        Map<String, String> types = new HashMap<>();
        row.keySet().forEach(column -> types.put(column, "varchar(100)"));
        return render(template, types, row);
    }

    private static Optional<String> render(
            String template, Map<String, String> types, Map<String, @Nullable String> row) {
        RowImages images = new RowImages((RowChange.Row) RowChange.insert("d", "t", types, row));
        Rendered rendered = template(template).render(images, RowImages.Side.AFTER, ZoneId.of("Asia/Shanghai"));
        return rendered instanceof Rendered.Key(String key) ? Optional.of(key) : Optional.empty();
    }

    private static Optional<String> one(String template, String type, String value) {
        return render(template, Map.of("a", type), School.row("a", value));
    }

    @Test
    void rendersLiteralsColumnsAndBraces() {
        assertThat(render("s/{{{id}}}:{b}", School.row("id", "7", "b", "x"))).contains("s/{7}:x");
        assertThat(template("{id}").columns()).containsExactly("id");
        assertThat(template("{b}-{a}").columns()).containsExactly("b", "a");
        assertThat(render("{id}", School.row("ID", "7"))).contains("7");
    }

    @Test
    void nullAbsentAndEmptyGiveNoKey() {
        assertThat(render("{a}:{b}", School.row("a", "1", "b", null))).isEmpty();
        assertThat(render("{a}:{b}", School.row("a", "1"))).isEmpty();
        assertThat(render("{a}", School.row("a", ""))).isEmpty();
        assertThat(render("{a}:", School.row("a", ""))).contains(":");
    }

    @Test
    void parseGivesBackWhatRenderTook() {
        String[] values = {"1", "x y", "ä€𝄞", "-5.00", "2024-01-02"};
        for (String text : List.of("{a}", "p{a}", "{a}s", "{a}:{b}", "x{a}::{b}y", "{a}/{b}//{c}", "{{{a}}}{{{b}}}")) {
            KeyTemplate template = template(text);
            for (int i = 0; i < 125; i++) {
                var row = Map.of("a", values[i % 5], "b", values[i / 5 % 5], "c", values[i / 25]);
                var key = render(text, School.row("a", row.get("a"), "b", row.get("b"), "c", row.get("c")))
                        .orElseThrow();
                Map<String, String> parsed = template.parse(key).orElseThrow();
                assertThat(parsed).containsOnlyKeys(template.columns());
                assertThat(row).containsAllEntriesOf(parsed);
            }
        }
    }

    @Test
    void keysThatDoNotFitAreNotParsed() {
        assertThat(template("p{a}").parse("q1")).isEmpty();
        assertThat(template("{a}:{b}").parse("1")).isEmpty();
        assertThat(template("ab{a}ba").parse("aba")).isEmpty();
        assertThat(template("{a}:{b}").parse("")).isEmpty();
    }

    @Test
    void keysThatFitInMoreThanOneWayAreNotParsed() {
        assertThat(template("{a}:{b}").parse("x:y:z")).isEmpty();
        assertThat(template("{a}--{b}").parse("x---y")).isEmpty();
        assertThat(template("{a}:{b}/{c}").parse("x/1:y/z")).contains(Map.of("a", "x/1", "b", "y", "c", "z"));
        assertThat(template("{a}:{b}/{c}").parse("x:y/z/w")).isEmpty();
        assertThat(template("{a}").parse("x:y:z")).contains(Map.of("a", "x:y:z"));
    }

    @Test
    void functionsShapeTheText() {
        assertThat(one("u:{lower(a)}", "varchar(9)", "ÄnNa")).contains("u:änna");
        assertThat(one("{upper(trim(a))}", "varchar(9)", " ann ")).contains("ANN");
        assertThat(one("{substring(a, 2, 3)}", "varchar(9)", "x𝄞yzw")).contains("𝄞yz");
        assertThat(one("{substring(a, 4)}", "varchar(9)", "abcdef")).contains("def");
        assertThat(one("{mod(a, 16)}", "bigint unsigned", "18446744073709551615"))
                .contains("15");
        assertThat(one("{mod(a, 4)}", "int", "-7")).contains("-3");
        assertThat(one("{hash(a)}", "varchar(9)", "MySQL")).contains("3259397556");
        assertThat(one("{mod(hash(a), 10)}", "varchar(9)", "MySQL")).contains("6");
        assertThat(one("{enum(a, 'new', 'it''s')}", "tinyint", "2")).contains("it's");
        assertThat(one("{base64(a)}", "varbinary(9)", "\u00ff\u0001")).contains("/wE=");
    }

    @Test
    void datesAreFormattedAndTimestampsShownInAZone() {
        assertThat(one("{date(a, 'yyyyMM')}", "date", "2024-02-29")).contains("202402");
        assertThat(one("{date(a, 'HH:mm', 'Europe/Berlin')}", "datetime(3)", "2024-02-29 23:59:01.5"))
                .contains("23:59");
        // Canal runs in Shanghai, eight hours ahead of UTC.
        assertThat(one("{date(a, 'yyyy-MM-dd HH', 'Europe/Berlin')}", "timestamp", "2024-03-01 06:30:00"))
                .contains("2024-02-29 23");
        assertThat(one("{a}", "timestamp(3)", "2024-03-01 06:30:00.5")).contains("2024-02-29 22:30:00.500");
        assertThat(one("{date(a, 'yyyy')}", "int", "7")).isEmpty();
    }

    @Test
    void jsonPathsReachOneValue() {
        String document =
                "{\"b\": [1, {\"c d\": \"x\\u00e4\"}], \"n\": 1.50, \"big\": 12345678901234567890, \"z\": null}";
        assertThat(one("{json(a, '$.b[0]')}", "json", document)).contains("1");
        assertThat(one("{json(a, '$.b[1].\"c d\"')}", "json", document)).contains("xä");
        assertThat(one("{json(a, '$.n')}", "json", document)).contains("1.5");
        assertThat(one("{json(a, '$.big')}", "text", document)).contains("12345678901234567890");
        for (String nothing : List.of("$.z", "$.y", "$.b[7]", "$.b", "$.n.m")) {
            assertThat(one("{json(a, '" + nothing + "')}", "json", document))
                    .as(nothing)
                    .isEmpty();
        }
        assertThat(one("{json(a, '$.b')}", "json", "{\"b\":")).isEmpty();
        assertThat(one("{a}", "json", document)).isEmpty();
    }

    @Test
    void columnsOfAnyNameAreQuoted() {
        assertThat(render("{`order no`}/{lower(`a``b`)}", School.row("order no", "1", "a`b", "X")))
                .contains("1/x");
    }

    @Test
    void brokenTemplatesSayHowToWriteThem() {
        assertThatThrownBy(() -> template("all"))
                .hasMessage("names no column, so all rows would share one key: write {column}");
        assertThatThrownBy(() -> template("{id"))
                .hasMessage("a '{' is not closed: write {column}, or '{{' for the character");
        assertThatThrownBy(() -> template("id}")).hasMessage("a '}' stands alone: write '}}' for the character");
        assertThatThrownBy(() -> template("{a b}"))
                .hasMessage("'{a b}' is not a column: write its name in braces, letters, digits and _ only, or in"
                        + " `backquotes`");
        assertThatThrownBy(() -> template("{lowr(a)}"))
                .hasMessage("there is no function 'lowr'; did you mean 'lower'?");
        assertThatThrownBy(() -> template("{mod(a)}")).hasMessage("write mod(column, 16)");
        assertThatThrownBy(() -> template("{mod(a, 0)}")).hasMessage("write mod(column, 16)");
        assertThatThrownBy(() -> template("{lower(a}"))
                .hasMessage("the '(' of lower is not closed: write lower(column, ...)");
        assertThatThrownBy(() -> template("{date(a, 'yyyy', 'Mars')}"))
                .hasMessageStartingWith("write date(column, 'yyyy-MM-dd')");
        assertThatThrownBy(() -> template("{json(a, 'b')}"))
                .hasMessage("'b' is not a path: write '$.member', '$.\"any name\"' or '$.list[0]'");
        assertThatThrownBy(() -> template("lower(".repeat(1).concat("{") + "lower(".repeat(5_000)))
                .hasMessageContaining("inside each other");
        assertThatThrownBy(() -> template("{id}:{ID}")).hasMessage("names column ID twice: once is enough");
        assertThatThrownBy(() -> template("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keyOfUndoesParse() {
        KeyTemplate template = KeyTemplate.parseTemplate("o{{{order_id}}}:{`line no`}");
        assertThat(template.keyOf(template.parse("o{7}:2").orElseThrow()::get)).isEqualTo("o{7}:2");
        assertThat(template.keyOf(column -> null)).isNull();
    }
}
