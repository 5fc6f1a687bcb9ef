package io.sluice.mapping.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryShapeTest {
    private static QueryShape read(String sql) {
        return QueryShape.read(sql, "app").orElseThrow();
    }

    private static SqlTable table(String name) {
        return new SqlTable("app", name);
    }

    @Test
    void findsTheTablesOfJoinsSubqueriesAndCommonTableExpressions() {
        assertThat(read("SELECT * FROM a JOIN other.b ON a.id = b.id WHERE a.x IN (SELECT y FROM `c`) AND a.id = :id")
                        .tables())
                .containsExactlyInAnyOrder(table("a"), new SqlTable("other", "b"), table("c"));
        assertThat(read("WITH w AS (SELECT * FROM d) SELECT * FROM w WHERE w.id = :id UNION SELECT * FROM e")
                        .tables())
                .containsExactlyInAnyOrder(table("d"), table("e"));
    }

    @Test
    void followsEqualitiesFromAParameterToColumnsOfEveryTable() {
        QueryShape shape = read("SELECT s.id, c.title FROM students s JOIN classes c ON c.id = s.class_id"
                + " WHERE s.class_id = :class_id AND s.age > 3");
        assertThat(shape.columnOf(table("students"), "class_id")).contains("class_id");
        assertThat(shape.columnOf(table("classes"), "class_id")).contains("id");
        assertThat(shape.columnOf(table("classes"), "other")).isEmpty();
        assertThat(read("SELECT name FROM students WHERE :id = ID").columnOf(table("students"), "id"))
                .contains("id");
    }

    @Test
    void doesNotGuess() {
        assertThat(read("SELECT * FROM a, b WHERE id = :id").columnOf(table("a"), "id"))
                .isEmpty();
        assertThat(QueryShape.read("this is no query", "app")).isEmpty();
        assertThat(QueryShape.read("DELETE FROM a", "app")).isEmpty();
    }
}
