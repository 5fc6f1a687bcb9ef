package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionTest {
    private static final Map<String, String> TYPES = Map.of("a", "int", "b", "decimal(10,2)", "c", "float");

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
        var data = School.row("a", "1", "b", "1.0", "c", "2.5");
        assertThat(applies("changed(a, b)", RowChange.Kind.UPDATE, data, School.row("a", "2")))
                .isTrue();
        assertThat(applies("changed( b ,a )", RowChange.Kind.UPDATE, data, School.row("b", "2")))
                .isTrue();
        assertThat(applies("changed(a, b)", RowChange.Kind.UPDATE, data, School.row("c", "2.4")))
                .isFalse();
        assertThat(applies("changed(A)", RowChange.Kind.UPDATE, data, School.row("a", null)))
                .isTrue();
    }

    @Test
    void changedSparesOnlyWhatIsProvablyEqual() {
        var data = School.row("a", "1", "b", "1.0", "c", "2.5");
        assertThat(applies("changed(b)", RowChange.Kind.UPDATE, data, School.row("b", "1.00")))
                .isFalse();
        assertThat(applies("changed(c)", RowChange.Kind.UPDATE, data, School.row("c", "2.5")))
                .isTrue();
        var nulls = School.row("a", null);
        assertThat(applies("changed(a)", RowChange.Kind.UPDATE, nulls, School.row("a", null)))
                .isFalse();
    }

    @Test
    void whatIsNotAConditionIsToldWhatThereIs() {
        assertThatThrownBy(() -> Condition.parse("upserted"))
                .hasMessage(
                        "'upserted' is not a condition; there are changed(column, ...), inserted, deleted, updated");
        assertThatThrownBy(() -> Condition.parse("changed(a, )"))
                .hasMessage("'changed(a, )' lacks a column: write changed(column, ...)");
        assertThatThrownBy(() -> Condition.parse("changed()"))
                .hasMessage("'changed()' lacks a column: write changed(column, ...)");
    }
}
