package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyTemplateTest {
    private static KeyTemplate template(String text) {
        return KeyTemplate.parseTemplate(text);
    }

    @Test
    void rendersLiteralsColumnsAndBraces() {
        assertThat(template("s/{{{id}}}:{b}").render(Map.of("id", "7", "b", "x")))
                .contains("s/{7}:x");
        assertThat(template("{id}").columns()).containsExactly("id");
        assertThat(template("{b}-{a}").columns()).containsExactly("b", "a");
        assertThat(template("{id}").render(Map.of("ID", "7"))).contains("7");
    }

    @Test
    void nullAbsentAndEmptyGiveNoKey() {
        assertThat(template("{a}:{b}").render(School.row("a", "1", "b", null))).isEmpty();
        assertThat(template("{a}:{b}").render(School.row("a", "1"))).isEmpty();
        assertThat(template("{a}").render(School.row("a", ""))).isEmpty();
        assertThat(template("{a}:").render(School.row("a", ""))).contains(":");
    }

    @Test
    void parseGivesBackWhatRenderTook() {
        String[] values = {"1", "x y", "ä€𝄞", "-5.00", "2024-01-02"};
        for (String text : List.of("{a}", "p{a}", "{a}s", "{a}:{b}", "x{a}::{b}y", "{a}/{b}//{c}", "{{{a}}}{{{b}}}")) {
            KeyTemplate template = template(text);
            for (int i = 0; i < 125; i++) {
                var row = Map.of("a", values[i % 5], "b", values[i / 5 % 5], "c", values[i / 25]);
                var key = template.render(School.row("a", row.get("a"), "b", row.get("b"), "c", row.get("c")))
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
    void matchesTellsWhoseKeyItIs() {
        KeyTemplate template = template("{id}");
        assertThat(template.matches("7", School.row("id", "7", "name", "a"))).contains(true);
        assertThat(template.matches("007", School.row("id", "7"))).contains(false);
        assertThat(template.matches("7", School.row("ID", "7"))).contains(true);
        assertThat(template.matches("7", School.row("id", null))).contains(false);
        assertThat(template.matches("7", School.row("name", "a"))).isEqualTo(Optional.empty());
    }

    @Test
    void brokenTemplatesSayHowToWriteThem() {
        assertThatThrownBy(() -> template("all"))
                .hasMessage("names no column, so all rows would share one key: write {column}");
        assertThatThrownBy(() -> template("{id"))
                .hasMessage("a '{' is not closed: write {column}, or '{{' for the character");
        assertThatThrownBy(() -> template("id}")).hasMessage("a '}' stands alone: write '}}' for the character");
        assertThatThrownBy(() -> template("{a b}"))
                .hasMessage("'{a b}' is not a column: write its name in braces, letters, digits and _ only");
        assertThatThrownBy(() -> template("{id}:{ID}")).hasMessage("names column ID twice: once is enough");
        assertThatThrownBy(() -> template("")).isInstanceOf(IllegalArgumentException.class);
    }
}
