package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice rules check | explain | init} as processes, against the real MySQL. */
@SystemTest
@Order(10)
class RulesCommandsTest {
    private static final Path MESSAGES =
            Path.of("..", "sync-service", "src", "test", "resources", "canal", "messages.jsonl");

    private final Devstack stack;

    @TempDir
    private Path directory = Path.of("");

    RulesCommandsTest(Devstack stack) throws SQLException {
        this.stack = stack;
        try (Connection connection = stack.mysql().rootConnection();
                Statement run = connection.createStatement()) {
            run.execute("CREATE DATABASE rulescheck");
            run.execute("USE rulescheck");
            run.execute("CREATE TABLE classes (id INT PRIMARY KEY, title VARCHAR(20) UNIQUE, weight FLOAT)");
            run.execute(
                    "CREATE TABLE students (id INT PRIMARY KEY, name VARCHAR(20), code VARCHAR(9) CHARACTER SET latin1,"
                            + " class_id INT, FOREIGN KEY (class_id) REFERENCES classes (id) ON DELETE CASCADE)");
        }
    }

    private SluiceCommand sluice(String... arguments) throws IOException, InterruptedException {
        String[] all =
                Stream.concat(Stream.of("rules"), Arrays.stream(arguments)).toArray(String[]::new);
        Map<String, String> passwords =
                Map.of("SLUICE_DB_PASSWORD", MysqlServer.PASSWORD, "ROOT_PASSWORD", MysqlServer.ROOT_PASSWORD);
        return SluiceCommand.run(directory, passwords, all);
    }

    private String url() {
        return stack.mysql().jdbcUrl("rulescheck");
    }

    private Path rules(String text) throws IOException {
        return Files.writeString(directory.resolve("rules.yaml"), text);
    }

    private String broken() {
        return """
                version: 1
                sources:
                  app: { jdbc-url: "%s", username: sluice, password: "${SLUICE_DB_PASSWORD}" }
                groups:
                  student: { source: app, key: "{id}", load: "SELECT id, nam FROM students WHERE id = :id" }
                  roster:
                    source: app
                    key: "{class_id}"
                    load: "SELECT s.name, c.title FROM students s JOIN classes c ON c.id = s.class_id WHERE s.class_id = :class_id"
                    rows: many
                  by-code: { source: app, key: "{code}", load: "SELECT code FROM students WHERE code = :code" }
                  by-weight: { source: app, key: "{weight}", load: "SELECT id FROM classes WHERE weight = :weight" }
                invalidate:
                  - table: rulescheck.students
                    keys:
                      - { group: student, key: "{id}" }
                      - { group: roster, key: "{clas_id}" }
                      - { group: by-code, key: "{code}" }
                  - table: rulescheck.classes
                    keys:
                      - { group: by-weight, key: "{weight}" }
                      - { group: student, key: "{student}", query: "SELECT id FROM students WHERE class_id = :idd" }
                      - { group: student, key: "{id}", query: "SELECT id FROM pupils WHERE class_id = :id" }
                """.formatted(url());
    }

    @Test
    void checkFindsWhatOnlyTheDatabaseKnows() throws IOException, InterruptedException {
        SluiceCommand ran = sluice("check", rules(broken()).toString(), "--jdbc", url(), "--json");
        assertThat(ran.status()).as(ran.errors()).isEqualTo(1);
        assertThat(ran.out())
                .contains("\"code\":\"uncovered\"")
                .contains("{ group: roster, key: \\\"{id}\\\" }")
                .contains("has no column 'clas_id'; did you mean 'class_id'?")
                .contains("has character set latin1")
                .contains("is a floating-point number")
                .contains("\"code\":\"cascade\"")
                .contains("Unknown column 'nam'")
                .contains("has no column 'idd'; did you mean 'id'?")
                .contains("returns no column 'student', which the key needs; it returns id")
                .contains("rulescheck.pupils' doesn't exist");
    }

    @Test
    void checkSaysWhereInTheFileAndWhatPrivilegesAreMissing() throws IOException, InterruptedException, SQLException {
        try (Connection connection = stack.mysql().rootConnection();
                Statement run = connection.createStatement()) {
            run.execute("CREATE USER IF NOT EXISTS 'poor'@'%'");
            run.execute("GRANT REPLICATION CLIENT ON *.* TO 'poor'@'%'");
            run.execute("GRANT SELECT ON rulescheck.classes TO 'poor'@'%'");
        }
        String file = rules(broken()).toString();
        SluiceCommand refused = sluice(
                "check", file, "--jdbc", url(), "--user", "poor", "--password-env", "NONE", "--canal-user", "canal");
        assertThat(refused.status()).as(refused.errors()).isEqualTo(1);
        assertThat(refused.out()).contains("the privileges of canal could not be read");
        String[] users = {"check", file, "--jdbc", url(), "--canal-user", "poor", "--sync-user", "sluice_sync"};
        SluiceCommand read = sluice(users);
        assertThat(read.status()).as(read.errors()).isEqualTo(1);
        assertThat(read.out())
                .contains(file + ":17:31: error: invalidate[0].keys[1].key: table rulescheck.students has no column"
                        + " 'clas_id'; did you mean 'class_id'?");
        String[] asRoot = Stream.concat(
                        Arrays.stream(users), Stream.of("--user", "root", "--password-env", "ROOT_PASSWORD", "--json"))
                .toArray(String[]::new);
        SluiceCommand all = sluice(asRoot);
        assertThat(all.out())
                .as(all.errors())
                .contains("\"line\":17,\"column\":31")
                .contains("user poor lacks REPLICATION SLAVE on *.*")
                .contains("GRANT SELECT ON `rulescheck`.`students` TO 'poor'@'%'")
                .doesNotContain("lacks REPLICATION CLIENT")
                .doesNotContain("`rulescheck`.`classes` TO")
                .doesNotContain("sluice_sync")
                .doesNotContain("user sluice lacks");
    }

    @Test
    void checkTellsApartNothingFoundAndNotChecked() throws IOException, InterruptedException {
        SluiceCommand proposed = sluice("init", "--jdbc", url(), "--user", "sluice");
        assertThat(proposed.status()).as(proposed.errors()).isZero();
        assertThat(proposed.out())
                .contains("classes-by-title:")
                .contains("students-by-class-id:")
                .contains("cascades:");
        String file = rules(proposed.out()).toString();
        SluiceCommand clean = sluice("check", file, "--jdbc", url());
        assertThat(clean.status()).as(clean.out() + clean.errors()).isZero();
        assertThat(sluice("check", file).status()).isZero();
        assertThat(sluice("check", file, "--jdbc", "jdbc:mysql://127.0.0.1:1/x").status())
                .isEqualTo(2);
        assertThat(sluice("check", directory.resolve("absent.yaml").toString()).status())
                .isEqualTo(2);
    }

    @Test
    void aServerThatHidesChangesIsFound() throws IOException, InterruptedException, SQLException {
        try (Connection connection = stack.mysql().rootConnection();
                Statement run = connection.createStatement()) {
            String file = rules(sluice("init", "--jdbc", url()).out()).toString();
            run.execute("SET GLOBAL binlog_row_image = 'MINIMAL'");
            try {
                SluiceCommand ran = sluice("check", file, "--jdbc", url());
                assertThat(ran.status()).isEqualTo(1);
                assertThat(ran.out()).contains("binlog_row_image is MINIMAL: partial row images clear whole groups");
            } finally {
                run.execute("SET GLOBAL binlog_row_image = 'FULL'");
            }
        }
    }

    @Test
    void explainSaysWhatAndWhyForMessagesOfTheRealCanal() throws IOException, InterruptedException {
        String file = rules("""
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://mysql/golden", username: sluice, password: "${NOT_SET}" }
                groups:
                  student: { source: app, key: "{id}" }
                  roster: { source: app, key: "{class_id}" }
                  marks-of: { source: app, key: "{student}" }
                invalidate:
                  - table: golden.students
                    keys:
                      - { group: student, key: "{id}" }
                      - { group: roster, key: "{class_id}", when: "changed(class_id)" }
                      - { group: marks-of, key: "{student}", query: "SELECT student FROM marks WHERE class = :class_id" }
                """).toString();
        SluiceCommand lines = sluice("explain", file, "--message", MESSAGES.toString(), "--json");
        assertThat(lines.status()).as(lines.errors()).isZero();
        assertThat(lines.out())
                .contains("{\"group\":\"student\",\"key\":\"1\",\"scope\":\"key\",\"rule\":\"invalidate[0].keys[0]\","
                        + "\"reason\":\"a row was inserted\"}")
                .contains("{\"group\":\"marks-of\",\"key\":\"{student}\",\"scope\":\"key\",\"rule\":"
                        + "\"invalidate[0].keys[2]\",\"reason\":\"a row was inserted; a fan-out, one key for each row"
                        + " that the sync service finds by SELECT student FROM marks WHERE class = :class_id with"
                        + " :class_id = ")
                .contains("{\"group\":\"student\",\"key\":\"\",\"scope\":\"group\",\"rule\":\"\",\"reason\":\"a data"
                        + " definition statement (DDL) touched golden.students\"}");
        SluiceCommand text = sluice("explain", file, "--message", MESSAGES.toString());
        assertThat(text.out())
                .contains(
                        "removes key 10 of group student: a row was updated: as it is after, by invalidate[0].keys[0]")
                .contains(
                        "nothing by invalidate[0].keys[1] of group roster: its condition is not met: changed(class_id)")
                .contains("no rule speaks of table golden.parents");
    }
}
