package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private static final Map<String, String> TYPES = Map.of("a", "int", "b", "decimal(10,2)", "c", "json");

    private static boolean applies(
            String condition,
            RowChange.Kind kind,
            Map<String, @Nullable String> data,
            Map<String, @Nullable String> old) {
        RowChange change = switch (kind) {
            case INSERT -> RowChange.insert("d", "t", TYPES, data);
            case UPDATE -> RowChange.update("d", "t", TYPES, data, old);
            case DELETE -> RowChange.delete("d", "t", TYPES, data);
        };
        return Condition.parse(condition).applies(new RowImages((RowChange.Row) change));
    }

    @Test
    void kindsApplyToTheirKindOnly() {
        for (RowChange.Kind kind : RowChange.Kind.values()) {
            assertThat(applies("inserted", kind, Map.of(), Map.of())).isEqualTo(kind == RowChange.Kind.INSERT);
            assertThat(applies(" Updated ", kind, Map.of(), Map.of())).isEqualTo(kind == RowChange.Kind.UPDATE);
            assertThat(applies("deleted", kind, Map.of(), Map.of())).isEqualTo(kind == RowChange.Kind.DELETE);
        }
    }

    @Test
    void changedAppliesToEveryInsertAndDelete() {
        assertThat(applies("changed(a)", RowChange.Kind.INSERT, School.row("a", "1"), Map.of()))
                .isTrue();
        assertThat(applies("changed(a)", RowChange.Kind.DELETE, School.row("a", null), Map.of()))
                .isTrue();
    }

    @Test
    void changedComparesTheImages() {
        var data = School.row("a", "1", "b", "1.0", "c", "{}");
        assertThat(applies("changed(a, b)", RowChange.Kind.UPDATE, data, School.row("a", "2")))
                .isTrue();
        assertThat(applies("changed( b ,a )", RowChange.Kind.UPDATE, data, School.row("b", "2")))
                .isTrue();
        assertThat(applies("changed(a, b)", RowChange.Kind.UPDATE, data, School.row("c", "[]")))
                .isFalse();
        assertThat(applies("changed(A)", RowChange.Kind.UPDATE, data, School.row("a", null)))
                .isTrue();
    }

    @Test
    void changedSparesOnlyWhatIsProvablyEqual() {
        var data = School.row("a", "1", "b", "1.0", "c", "{}");
        assertThat(applies("changed(b)", RowChange.Kind.UPDATE, data, School.row("b", "1.00")))
                .isFalse();
        assertThat(applies("changed(c)", RowChange.Kind.UPDATE, data, School.row("c", "{}")))
                .isTrue();
        var nulls = School.row("a", null);
        assertThat(applies("changed(a)", RowChange.Kind.UPDATE, nulls, School.row("a", null)))
                .isFalse();
    }

    @Test
    void whatIsNotAConditionIsToldWhatThereIs() {
        assertThatThrownBy(() -> Condition.parse("upserted"))
                .hasMessageStartingWith("'upserted' is not a condition: undeclared reference to 'upserted'")
                .hasMessageContaining("there are changed(column, ...), inserted, deleted, updated, before.column");
        assertThatThrownBy(() -> Condition.parse("changed(a, )"))
                .hasMessage("'changed(a, )' lacks a column: write changed(column, ...)");
        assertThatThrownBy(() -> Condition.parse("changed()"))
                .hasMessage("'changed()' lacks a column: write changed(column, ...)");
    }

    private static boolean updated(String condition, Map<String, @Nullable String> data, String... old) {
        return applies(condition, RowChange.Kind.UPDATE, data, School.row(old));
    }

    @Test
    void expressionsCompareBothImages() {
        var data = School.row("a", "5", "b", "2.50", "c", "{}");
        assertThat(updated("after.a > before.a", data, "a", "4")).isTrue();
        assertThat(updated("after.a > before.a", data, "a", "9")).isFalse();
        assertThat(updated("after.b >= 2.5 && before.b < 2.5", data, "b", "2.49"))
                .isTrue();
        assertThat(updated("after.b >= 2.5 && before.b < 2.5", data, "b", "2.50"))
                .isFalse();
        assertThat(updated("changed(b) && !(after.a == 5)", data, "b", "1")).isFalse();
        assertThat(updated("updated && changed(c, a)", data, "a", "1")).isTrue();
        assertThat(updated("after.A in [1, 5]", data, "b", "1")).isTrue();
        assertThat(updated("after[\"a\"] % 2 == 0", data, "b", "1")).isFalse();
    }

    @Test
    void whatIsNotThereIsNull() {
        var data = School.row("a", "5", "b", null, "c", null);
        assertThat(applies("before.a == null", RowChange.Kind.INSERT, data, Map.of()))
                .isTrue();
        assertThat(applies("after.a == null", RowChange.Kind.DELETE, data, Map.of()))
                .isTrue();
        assertThat(applies("before.a == null", RowChange.Kind.DELETE, data, Map.of()))
                .isFalse();
        assertThat(applies("after.b == null", RowChange.Kind.INSERT, data, Map.of()))
                .isTrue();
    }

    @Test
    void whatCannotBeDecidedApplies() {
        var data = School.row("a", "5", "b", null, "c", null);
        assertThat(updated("after.b > 1.0", data, "a", "4")).isTrue();
        assertThat(updated("after.z == 1", data, "a", "4")).isTrue();
        assertThat(updated("after.a / 0 == 1", data, "a", "4")).isTrue();
        assertThat(updated("after.a < 9", School.row("a", "99999999999999999999"), "a", "4"))
                .isTrue();
    }

    @Test
    void textIsComparedLetterByLetter() {
        Map<String, String> types = Map.of("s", "varchar(9)", "e", "enum('new','paid')", "d", "date");
        RowChange row = RowChange.insert("d", "t", types, School.row("s", "Ann", "e", "2", "d", "2024-02-29"));
        for (String yes : List.of(
                "after.s == 'Ann'",
                "after.s.startsWith('A')",
                "after.s.matches('^A[n]+$')",
                "after.e == 'paid'",
                "after.d >= '2024-01-01'",
                "inserted || deleted")) {
            assertThat(Condition.parse(yes).applies(new RowImages((RowChange.Row) row)))
                    .as(yes)
                    .isTrue();
        }
        assertThat(Condition.parse("after.s == 'ann'").applies(new RowImages((RowChange.Row) row)))
                .isFalse();
    }

    @Test
    void theColumnsOfAnExpressionAreKnown() {
        assertThat(Condition.parse("before.a != after.b || changed(c, d) && after[\"e f\"] == 1")
                        .columns())
                .containsExactlyInAnyOrder("a", "b", "c", "d", "e f");
    }

    @Test
    void expressionsAreBoundedAndHaveNoLoops() {
        assertThatThrownBy(() -> Condition.parse("[1, 2].all(x, x > 0)")).hasMessageContaining("is not a condition");
        assertThatThrownBy(() -> Condition.parse("inserted || " + "inserted || ".repeat(500) + "inserted"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Condition.parse("(".repeat(1_000) + "inserted" + ")".repeat(1_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Condition.parse("before == after")).hasMessageContaining("stands alone");
        assertThatThrownBy(() -> Condition.parse("after.a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Condition.parse("after.a + 1")).isInstanceOf(IllegalArgumentException.class);
    }
}
