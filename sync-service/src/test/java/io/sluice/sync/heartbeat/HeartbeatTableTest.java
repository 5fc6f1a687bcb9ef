package io.sluice.sync.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.mapping.RowChange;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeartbeatTableTest {
    private final HeartbeatTable table = new HeartbeatTable("app", "beats");

    @Test
    void itsRowsAndItsCreationAreItsOwn() {
        assertThat(table.isOwn(RowChange.insert("app", "beats", Map.of(), Map.of("id", "0"))))
                .isTrue();
        assertThat(table.isOwn(RowChange.insert("App", "Beats", Map.of(), Map.of("id", "0"))))
                .isTrue();
        assertThat(table.isOwn(new RowChange.Unmappable("app", "beats", "no row image")))
                .isTrue();
        assertThat(table.isOwn(new RowChange.Definition("app", "beats", table.create())))
                .isTrue();
        assertThat(table.isOwn(new RowChange.Definition("app", "", table.createDatabase())))
                .isTrue();
        String byHand = table.create().replace("(id", "\n  (id").replace("CREATE", "create");
        assertThat(table.isOwn(new RowChange.Definition("app", "beats", byHand)))
                .isTrue();
        String asStatement = table.beat(2).replaceFirst("\\?", "0").replace("?", "'sync-1'");
        assertThat(table.isOwn(new RowChange.Statement("app", "beats", asStatement)))
                .isTrue();
    }

    @Test
    void aRowTellsWhoseHeartbeatItIs() {
        Map<String, @Nullable String> row = Map.of("id", "7", "source", "app", "instance", "sync-1", "beat", "42");
        assertThat(table.of(RowChange.insert("app", "beats", Map.of(), row)))
                .isEqualTo(new Heartbeat(7, "app", "sync-1", 42));
        assertThat(table.of(RowChange.insert("app", "students", Map.of(), row))).isNull();
        assertThat(table.of(RowChange.insert("app", "beats", Map.of(), Map.of("id", "x"))))
                .isNull();
        assertThat(table.of(new RowChange.Unmappable("app", "beats", "no row image")))
                .isNull();
    }

    @Test
    void otherTablesAreNot() {
        assertThat(table.isOwn(RowChange.insert("app", "students", Map.of(), Map.of("id", "1"))))
                .isFalse();
        assertThat(table.isOwn(RowChange.insert("other", "beats", Map.of(), Map.of("id", "1"))))
                .isFalse();
        assertThat(table.isOwn(new RowChange.Unmappable("app", "", "no table"))).isFalse();
    }

    /** Canal names one table of a statement: these may all come under the name of the heartbeat table. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE app.beats, app.students",
                "RENAME TABLE app.students TO app.old, app.new TO app.beats",
                "CREATE TABLE app.beats LIKE app.students",
                "ALTER TABLE app.beats EXCHANGE PARTITION p WITH TABLE app.students",
                ""
            })
    void whatMayTouchOtherTablesAsWellIsNot(String sql) {
        assertThat(table.isOwn(new RowChange.Definition("app", "beats", sql))).isFalse();
        assertThat(table.isOwn(new RowChange.Statement("app", "beats", sql))).isFalse();
    }

    @Test
    void aStatementOverTwoTablesIsNot() {
        String sql = "UPDATE app.beats, app.students SET students.name = 'x'";
        assertThat(table.isOwn(new RowChange.Statement("app", "beats", sql))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"beats", "app.", ".beats", "app.be`ats", "a.b.c"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> HeartbeatTable.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give database.table");
    }
}
