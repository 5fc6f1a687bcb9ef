package io.sluice.node.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.KeyTemplate;
import io.sluice.node.load.FakeRows.Column;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KeyCheckTest {
    private static final Column ID = Column.of("id", "INT", Types.INTEGER, 17);
    private static final Column NAME = Column.of("name", "VARCHAR", Types.VARCHAR, "Ann");

    @Test
    void rowThatRendersToTheKeyPasses() throws SQLException {
        assertThat(passes("id", "17", ID)).isTrue();
        assertThat(passes("ID", "17", ID)).as("column names have no case").isTrue();
        assertThat(passes("name", "Ann", NAME)).isTrue();
        assertThat(passes("price", "1.50", price())).isTrue();
        assertThat(passes("at", "1.5", Column.of("at", "DOUBLE", Types.DOUBLE, 1.5)))
                .isTrue();
    }

    @Test
    void rowFoundUnderAnotherSpellingDoesNotPass() throws SQLException {
        assertThat(passes("id", "017", ID)).isFalse();
        assertThat(passes("name", "ANN", NAME.caseInsensitive())).isFalse();
        assertThat(passes("name", "Ann ", NAME)).isFalse();
        assertThat(passes("price", "1.5", price())).isFalse();
    }

    @Test
    void keyColumnThatTheQueryDoesNotReturnIsTrustedOnlyAsACanonicalInteger() throws SQLException {
        assertThat(passes("class_id", "5", ID)).isTrue();
        assertThat(passes("class_id", "-5", ID)).isTrue();
        assertThat(passes("class_id", "05", ID)).isFalse();
        assertThat(passes("class_name", "5a", ID)).isFalse();
    }

    @Test
    void keyColumnThatIsNullOrOfAnUnsafeTypeDoesNotPass() throws SQLException {
        assertThat(passes("id", "17", Column.of("id", "INT", Types.INTEGER, null)))
                .isFalse();
        assertThat(passes("where", "1.5", Column.of("where", "GEOMETRY", Types.BINARY, new byte[] {1})))
                .isFalse();
    }

    @Test
    void absentRowIsRememberedOnlyUnderTheSpellingThatItsInsertWouldRemove() throws SQLException {
        assertThat(absent("id", "17", ID)).isTrue();
        assertThat(absent("id", "017", ID)).isFalse();
        assertThat(absent("id", "17 ", ID)).isFalse();
        assertThat(absent("price", "1.50", price())).isTrue();
        assertThat(absent("price", "1.5", price())).isFalse();
        assertThat(absent("name", "Ann", NAME)).isTrue();
        assertThat(absent("name", "Ann ", NAME)).isFalse();
        assertThat(absent("name", "Ann", NAME.caseInsensitive())).isFalse();
        assertThat(absent("class_id", "5", ID)).isTrue();
        assertThat(absent("class_id", "05", ID)).isFalse();
    }

    @Test
    void aListIsRememberedOnlyUnderTheSpellingThatOneMoreRowWouldRemove() throws SQLException {
        FakeRows rows = FakeRows.of(NAME.caseInsensitive());
        KeyCheck check = check("{name}", "name", "Ann", rows);
        check.row(rows.row());
        assertThat(check.passed()).isTrue();
        assertThat(check.passedForMoreRows()).isFalse();
    }

    @Test
    void aFunctionOfTheKeyIsAppliedToTheRowBeforeTheyAreCompared() throws SQLException {
        FakeRows rows = FakeRows.of(NAME.caseInsensitive());
        for (String key : List.of("ann", "Ann", "ANN")) {
            KeyCheck check = check("{lower(name)}", "name", key, rows);
            check.row(rows.row());
            assertThat(check.passed()).as(key).isEqualTo(key.equals("ann"));
        }
        assertThat(check("{lower(name)}", "name", "ann", FakeRows.of(ID)).passed())
                .as("the column is not returned")
                .isFalse();
        assertThat(check("{mod(n, 7)}", "n", "3", FakeRows.of(ID)).passed())
                .as("a whole number by a function of a column that is not returned")
                .isFalse();
    }

    @Test
    void anAbsentRowOfAKeyWithAFunctionIsRememberedOnlyWhereTheFunctionLeavesTheKeyAsItIs() throws SQLException {
        assertThat(check("{lower(name)}", "name", "ann", FakeRows.of(NAME)).passedWithoutRow())
                .isTrue();
        assertThat(check("{lower(name)}", "name", "Ann", FakeRows.of(NAME)).passedWithoutRow())
                .isFalse();
        assertThat(check("{hash(name)}", "name", "17", FakeRows.of(NAME)).passedWithoutRow())
                .isFalse();
        assertThat(check("{lower(name)}", "name", "ann", FakeRows.of(NAME.caseInsensitive()))
                        .passedWithoutRow())
                .isFalse();
    }

    private static Column price() {
        return Column.of("price", "DECIMAL", Types.DECIMAL, new BigDecimal("1.50"))
                .sized(10, 2);
    }

    private static boolean passes(String keyColumn, String text, Column column) throws SQLException {
        FakeRows rows = FakeRows.of(column);
        KeyCheck check = check("{" + keyColumn + "}", keyColumn, text, rows);
        check.row(rows.row());
        return check.passed();
    }

    private static KeyCheck check(String template, String keyColumn, String text, FakeRows rows) throws SQLException {
        return new KeyCheck(KeyTemplate.parseTemplate(template), Map.of(keyColumn, text), rows.metaData());
    }

    private static boolean absent(String keyColumn, String text, Column column) throws SQLException {
        return check("{" + keyColumn + "}", keyColumn, text, FakeRows.of(column))
                .passedWithoutRow();
    }
}
