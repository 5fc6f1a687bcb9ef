package io.sluice.cli.demo;

import static java.util.Objects.requireNonNull;

import io.sluice.devstack.MysqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/**
 * The demo's data: students and their classes, in a database of its own, and the rules file that goes with it.
 *
 * <p>Not thread-safe: one connection.
 */
public final class School implements AutoCloseable {
    public static final int STUDENTS = 3_000;
    public static final int CLASSES = 100;

    private final String database;
    private final MysqlServer mysql;
    private final Connection connection;

    private School(String database, MysqlServer mysql, Connection connection) {
        this.database = database;
        this.mysql = mysql;
        this.connection = connection;
    }

    /** Creates the tables, filled. Student {@code n} is in class {@code n % 100}. */
    public static School create(MysqlServer mysql, String database) throws SQLException {
        School school = new School(database, requireNonNull(mysql, "mysql is null"), mysql.rootConnection());
        school.sql("CREATE DATABASE " + database);
        school.sql("USE " + database);
        school.sql("CREATE TABLE classes (id INT PRIMARY KEY, title VARCHAR(100) NOT NULL)");
        school.sql("CREATE TABLE students (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL, class_id INT NOT NULL,"
                + " score DECIMAL(5,2) NOT NULL, KEY (class_id))");
        StringJoiner classes = new StringJoiner(", ", "INSERT INTO classes VALUES ", "");
        for (int id = 0; id < CLASSES; id++) {
            classes.add("(" + id + ", 'Class " + id + "')");
        }
        school.sql(classes.toString());
        StringJoiner students = new StringJoiner(", ", "INSERT INTO students VALUES ", "");
        for (int id = 1; id <= STUDENTS; id++) {
            students.add("(" + id + ", 'Student " + id + "', " + id % CLASSES + ", " + id % 100 + ".50)");
        }
        school.sql(students.toString());
        return school;
    }

    /** The rules file: what a user of Sluice writes. */
    public String rules() {
        return """
                version: 1
                sources:
                  school: { jdbc-url: "%1$s", username: %2$s, password: "${SLUICE_DB_PASSWORD}", coherence: gtid }
                groups:
                  student:
                    source: school
                    key: "{id}"
                    load: "SELECT id, name, class_id, score FROM students WHERE id = :id"
                    ttl: 10m
                    negative-ttl: 60s
                  class-roster:
                    source: school
                    key: "{class_id}"
                    load: >
                      SELECT s.class_id, c.title, s.id, s.name FROM students s JOIN classes c ON c.id = s.class_id
                      WHERE s.class_id = :class_id ORDER BY s.id
                    rows: many
                    ttl: 10m
                invalidate:
                  - table: %3$s.students
                    keys:
                      - { group: student, key: "{id}" }
                      - { group: class-roster, key: "{class_id}", when: "changed(id, class_id, name)" }
                  - table: %3$s.classes
                    keys:
                      - { group: class-roster, key: "{id}", when: "changed(title)" }
                """.formatted(mysql.jdbcUrl(database), MysqlServer.USERNAME, database);
    }

    /** Runs one statement, committed when this returns. */
    public void sql(String statement) throws SQLException {
        try (Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    /** How many load queries MySQL has run for the nodes, counted by MySQL itself. */
    public long loads() throws SQLException {
        try (Statement run = connection.createStatement();
                ResultSet sum = run.executeQuery("SELECT SUM(COUNT_STAR) FROM"
                        + " performance_schema.events_statements_summary_by_account_by_event_name"
                        + " WHERE USER = '" + MysqlServer.USERNAME + "' AND EVENT_NAME = 'statement/com/Execute'")) {
            sum.next();
            return sum.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
