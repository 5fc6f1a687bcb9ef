package io.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadQueryParserTest {
    private static void assertQuery(String sql, String jdbc, String... parameters) {
        LoadQuery query = new LoadQueryParser(sql).parse();
        assertThat(query.jdbcSql()).isEqualTo(jdbc);
        assertThat(query.parameters()).containsExactly(parameters);
        assertThat(query.sql()).isEqualTo(sql);
    }

    private static void assertError(String sql, String message) {
        assertThatThrownBy(() -> new LoadQueryParser(sql).parse())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void namesBecomeQuestionMarksInOrder() {
        assertQuery(
                "SELECT * FROM t WHERE a = :a AND (b=:b OR c=:a)",
                "SELECT * FROM t WHERE a = ? AND (b=? OR c=?)",
                "a",
                "b",
                "a");
        assertQuery("select :class_id,:x1-:y$", "select ?,?-?", "class_id", "x1", "y$");
        assertQuery(
                "WITH x AS (SELECT 1) SELECT * FROM x WHERE i=:i;\n ",
                "WITH x AS (SELECT 1) SELECT * FROM x WHERE i=?",
                "i");
    }

    @Test
    void namesInTextsNamesAndCommentsAreLeft() {
        assertQuery("SELECT ':a', \":b\", `:c` FROM t WHERE d=:d", "SELECT ':a', \":b\", `:c` FROM t WHERE d=?", "d");
        assertQuery("SELECT 'it''s :a', '\\':b', \"\\\":c\" , :d", "SELECT 'it''s :a', '\\':b', \"\\\":c\" , ?", "d");
        assertQuery("SELECT `a\\`, :b", "SELECT `a\\`, ?", "b");
        assertQuery("SELECT 1 -- :a ?\n, :b", "SELECT 1 -- :a ?\n, ?", "b");
        assertQuery("SELECT 1 # :a '\n, :b", "SELECT 1 # :a '\n, ?", "b");
        assertQuery("SELECT /* :a '; */ :b --", "SELECT /* :a '; */ ? --", "b");
        assertQuery("SELECT 5--:a", "SELECT 5--?", "a");
        assertQuery("SELECT 4/:a, a::b, @x:=1, '12:30' , 12:30", "SELECT 4/?, a::b, @x:=1, '12:30' , 12:30", "a");
    }

    @Test
    void whatIsNotOneNamedQueryIsRefused() {
        assertError("UPDATE t SET a = :a", "a query here only reads: begin it with SELECT or WITH");
        assertError("selection", "a query here only reads: begin it with SELECT or WITH");
        assertError("SELECT ?", "'?' has no name: write :column");
        assertError("SELECT :a; DROP TABLE t", "a query here is one statement: remove what follows ';'");
        assertError("SELECT 'x", "a ' is not closed");
        assertError("SELECT /*/ 1", "a comment is not closed: add */");
    }
}
