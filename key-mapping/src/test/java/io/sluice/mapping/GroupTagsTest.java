package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What tags a key has, told from nothing but the key. */
final class GroupTagsTest {
    private static Group group(String key, String tags) {
        Rules rules = Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice }
                groups:
                  search: { source: app, key: "%s", tags: [%s] }
                """.formatted(key, tags), Map.of());
        return Objects.requireNonNull(rules.groups().get("search"));
    }

    @Test
    void tagsAreRenderedFromTheColumnsOfTheKey() {
        Group search = group("s/{city}/{query}", "\"city:{City}\", \"{{{query}}}:{city}\"");
        assertThat(search.tagsOf("s/Rome/pizza")).hasValue(List.of("city:Rome", "{pizza}:Rome"));
        assertThat(search.tagsOf("s//")).hasValue(List.of("city:", "{}:"));
        assertThat(group("{id}", "").tagsOf("7")).hasValue(List.of());
    }

    @Test
    void aColumnWithAFunctionInTheKeyIsAnotherThanTheColumnItself() {
        Group search = group("{city}/{lower(city)}", "\"city:{city}\"");
        assertThat(search.tagsOf("Rome/rome")).hasValue(List.of("city:Rome"));
    }

    @Test
    void aKeyThatCannotBeSplitForSureHasNoKnownTags() {
        Group search = group("{city}/{query}", "\"city:{city}\"");
        assertThat(search.tagsOf("Rome")).isEmpty();
        assertThat(search.tagsOf("Rome/a/b")).isEmpty();
    }

    @Test
    void tagsOfAnotherFormAreTold() {
        Group search = group("{city}/{query}", "\"city:{city}\", \"in {city} for {query}.\"");
        assertThat(search.mayCarry("city:Rome")).isTrue();
        assertThat(search.mayCarry("city:")).isTrue();
        assertThat(search.mayCarry("in Rome for a for b.")).isTrue();
        assertThat(search.mayCarry("town:Rome")).isFalse();
        assertThat(search.mayCarry("in Rome.")).isFalse();
        assertThat(search.mayCarry("a city:Rome")).isFalse();
        assertThat(search.mayCarry("")).isFalse();
        assertThat(group("{id}", "").mayCarry("id:7")).isFalse();
    }

    /** What a rule gives for a row is the tag that the row's lists carry. */
    @Test
    void ruleAndKeyGiveTheSameTag() {
        Rules rules = Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://mysql/app", username: sluice }
                groups:
                  search: { source: app, key: "{city}/{query}", tags: ["city:{city}"] }
                invalidate:
                  - { table: app.places, keys: [ { group: search, tag: "city:{town}" } ] }
                """, Map.of());
        Group search = Objects.requireNonNull(rules.groups().get("search"));
        for (String city : List.of("Rome", "", "a:b", "Zoë", "x y ")) {
            Invalidation one = rules.invalidations(
                            RowChange.insert("app", "places", Map.of("town", "varchar(20)"), School.row("town", city)))
                    .getFirst();
            assertThat(one.scope()).isEqualTo(Invalidation.Scope.TAG);
            assertThat(search.tagsOf(city + "/q")).hasValue(List.of(one.key()));
            assertThat(search.mayCarry(one.key())).isTrue();
        }
    }
}
