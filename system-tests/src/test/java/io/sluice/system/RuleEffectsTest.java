package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.cli.faults.CuttableProxy;
import io.sluice.client.ServedFrom;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What rules can ask for beyond a key of the row, on the whole pipeline: keys that a query finds, a second Remove.
 *
 * <p>A change of a course reaches the students who are enrolled, whom the row of the course does not name. Students 1
 * to 40 are in course 1, students 41 to 60 in course 2, students 61 to 200 in course 3.
 */
@SystemTest
@Order(6)
class RuleEffectsTest {
    private static final String GROUP = "courses-of";
    private static final int STUDENTS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Scene scene;
    private CuttableProxy mysql;

    RuleEffectsTest(Devstack stack) throws SQLException, IOException {
        StringJoiner enrolled = new StringJoiner(", ", "INSERT INTO enrollments VALUES ", "");
        for (int student = 1; student <= STUDENTS; student++) {
            enrolled.add("(" + student + ", " + (student <= 40 ? 1 : student <= 60 ? 2 : 3) + ")");
        }
        scene = Scene.start(
                stack,
                "rule_effects",
                2,
                """
                groups:
                  courses-of:
                    source: app
                    key: "{student_id}"
                    load: "SELECT e.student_id, c.title FROM enrollments e JOIN courses c ON c.id = e.course_id WHERE e.student_id = :student_id ORDER BY c.id"
                    rows: many
                  price: { source: app, key: "{id}", load: "SELECT id, amount FROM prices WHERE id = :id" }
                invalidate:
                  - table: ${db}.prices
                    keys:
                      - { group: price, key: "{id}", again-after: 8s }
                  - table: ${db}.courses
                    keys:
                      - { group: courses-of, key: "{student_id}", query: "SELECT student_id FROM enrollments WHERE course_id = :id", when: "changed(id, title)" }
                  - table: ${db}.enrollments
                    keys:
                      - { group: courses-of, key: "{student_id}" }
                """,
                "CREATE TABLE courses (id INT PRIMARY KEY, title VARCHAR(40) NOT NULL, room INT NOT NULL DEFAULT 0)",
                "CREATE TABLE enrollments (student_id INT NOT NULL, course_id INT NOT NULL,"
                        + " PRIMARY KEY (student_id, course_id), KEY (course_id))",
                "CREATE TABLE prices (id INT PRIMARY KEY, amount INT NOT NULL)",
                "INSERT INTO prices VALUES (1, 10)",
                "INSERT INTO courses (id, title) VALUES (1, 'Art'), (2, 'Biology'), (3, 'Chemistry')",
                enrolled.toString());
        scene.sql("GRANT SELECT ON rule_effects.* TO '" + MysqlServer.SYNC_USERNAME + "'@'%'");
        startSyncAgain();
        scene.cluster().awaitKeeping(scene.client(), GROUP, "1");
    }

    /** With bounds that a test can reach, and a way to MySQL that a test can cut. */
    private void startSyncAgain() throws IOException {
        mysql = new CuttableProxy(scene.stack().mysql().port());
        Path config = scene.directory().resolve("sync-1.yaml");
        Path rules = scene.directory().resolve("rules.yaml");
        Path proxied = scene.directory().resolve("sync-rules.yaml");
        Files.writeString(
                proxied,
                Files.readString(rules)
                        .replace(
                                "127.0.0.1:" + scene.stack().mysql().port(),
                                mysql.endpoint().replace("http://", "")));
        Files.writeString(
                config,
                Files.readString(config).replace("rules.yaml", "sync-rules.yaml")
                        + "\nfan-out: { rows: 100, timeout: 8s }\n");
        SluiceProcess sync = scene.cluster().sync();
        sync.close();
        sync.launch();
        sync.awaitReady();
    }

    @AfterAll
    void stop() {
        scene.close();
        mysql.close();
    }

    @BeforeEach
    void everybodyIsInMemory() {
        mysql.mend();
        await().atMost(PATIENCE).until(() -> {
            readAll();
            return inMemory().size() == STUDENTS;
        });
    }

    private void readAll() {
        for (int student = 1; student <= STUDENTS; student++) {
            scene.client().get(GROUP, Integer.toString(student));
        }
    }

    /** The students that are answered from memory now; asking loads the others. */
    private List<Integer> inMemory() {
        List<Integer> found = new ArrayList<>();
        for (int student = 1; student <= STUDENTS; student++) {
            if (scene.client().get(GROUP, Integer.toString(student)).servedFrom() == ServedFrom.MEMORY) {
                found.add(student);
            }
        }
        return found;
    }

    private double counted(String outcome) {
        return Metrics.sum(
                scene.cluster().sync(),
                "sluice_sync_fan_outs_total",
                "group=\"courses-of\"",
                "outcome=\"" + outcome + "\"");
    }

    private double inFlight() {
        return Metrics.sum(scene.cluster().sync(), "sluice_sync_records_in_flight");
    }

    private void awaitCounted(String outcome, double before) {
        await().atMost(PATIENCE).until(() -> counted(outcome) > before && inFlight() == 0);
    }

    private void assertTitle(int student, String title) {
        scene.nodes()
                .forEach(node -> assertThat(
                                scene.on(node, GROUP, Integer.toString(student)).text())
                        .hasValueSatisfying(text -> assertThat(text).contains(title)));
    }

    @Test
    void theStudentsOfTheCourseAreForgottenAndNobodyElse() {
        double before = counted("keys");
        scene.sql("UPDATE courses SET title = 'Arts' WHERE id = 1");
        awaitCounted("keys", before);
        assertThat(inMemory())
                .hasSize(STUDENTS - 40)
                .doesNotContain(1, 2, 39, 40)
                .contains(41, 60, 61, 200);
        assertTitle(40, "Arts");
        assertTitle(41, "Biology");
    }

    @Test
    void aChangeThatTheConditionLeavesOutAsksNothing() {
        double asked = counted("keys");
        double ignored = Metrics.sum(scene.cluster().sync(), "sluice_sync_records_total", "outcome=\"ignored\"");
        scene.sql("UPDATE courses SET room = room + 1 WHERE id = 2");
        await().atMost(PATIENCE)
                .until(() -> Metrics.sum(scene.cluster().sync(), "sluice_sync_records_total", "outcome=\"ignored\"")
                        > ignored);
        assertThat(counted("keys")).isEqualTo(asked);
        assertThat(inMemory()).hasSize(STUDENTS);
    }

    /** The student comes and the course is renamed in one transaction: its event may be ahead of its visibility. */
    @Test
    void whoCameInTheSameTransactionIsFoundToo() throws SQLException {
        try (Connection connection = scene.connect();
                Statement statement = connection.createStatement()) {
            for (int student = 150; student < 160; student++) {
                double before = counted("keys");
                connection.setAutoCommit(false);
                statement.execute("INSERT INTO enrollments VALUES (" + student + ", 2)");
                statement.execute("UPDATE courses SET title = 'Biology " + student + "' WHERE id = 2");
                connection.commit();
                awaitCounted("keys", before);
                assertTitle(student, "Biology " + student);
                assertTitle(60, "Biology " + student);
            }
            connection.setAutoCommit(true);
            statement.execute("DELETE FROM enrollments WHERE course_id = 2 AND student_id >= 150");
            double before = counted("keys");
            statement.execute("UPDATE courses SET title = 'Biology' WHERE id = 2");
            awaitCounted("keys", before);
        }
    }

    @Test
    void moreRowsThanTheBoundClearTheGroup() {
        double before = counted("too_many_rows");
        scene.sql("UPDATE courses SET title = CONCAT(title, '!') WHERE id = 3");
        awaitCounted("too_many_rows", before);
        assertThat(inMemory()).isEmpty();
        assertTitle(200, "Chemistry!");
    }

    @Test
    void mysqlAwayClearsTheGroupAndKeepsNothingElseWaiting() {
        double before = counted("unreachable");
        mysql.cut();
        scene.sql("UPDATE courses SET title = 'Fine arts' WHERE id = 1");
        // Another record is taken and done meanwhile.
        scene.sql("DELETE FROM enrollments WHERE student_id = 199");
        await().atMost(PATIENCE)
                .until(() -> scene.client().get(GROUP, "199").text().orElse("").equals("[]")
                        || !scene.client().get(GROUP, "199").found());
        assertThat(scene.client().get(GROUP, "41").servedFrom()).isEqualTo(ServedFrom.MEMORY);
        awaitCounted("unreachable", before);
        assertThat(inMemory()).isEmpty();
        assertTitle(1, "Fine arts");
        scene.sql("INSERT INTO enrollments VALUES (199, 3)");
    }

    /** The value in memory covers the change, and goes all the same. */
    @Test
    void aSecondRemoveTakesWhatWasLoadedSinceTheFirst() {
        double before = secondRemovals();
        double invalidations = invalidations();
        scene.sql("UPDATE prices SET amount = amount + 1 WHERE id = 1");
        await().atMost(PATIENCE).until(() -> invalidations() > invalidations);
        await().atMost(PATIENCE).until(this::isPriceInMemory);
        assertThat(secondRemovals()).isEqualTo(before);
        await().atMost(PATIENCE).until(() -> secondRemovals() > before && inFlight() == 0);
        assertThat(isPriceInMemory()).isFalse();
    }

    private boolean isPriceInMemory() {
        return scene.client().get("price", "1").servedFrom() == ServedFrom.MEMORY;
    }

    private double secondRemovals() {
        return Metrics.sum(scene.cluster().sync(), "sluice_sync_second_removals_total", "outcome=\"sent\"");
    }

    private double invalidations() {
        return Metrics.sum(
                scene.cluster().sync(),
                "sluice_sync_invalidations_total",
                "group=\"price\"",
                "cause=\"updated_before\"");
    }

    @Test
    void aSyncServiceThatDiesMeanwhileAsksAgain() {
        mysql.cut();
        scene.sql("UPDATE courses SET title = 'Performing arts' WHERE id = 1");
        SluiceProcess sync = scene.cluster().sync();
        await().atMost(PATIENCE).until(() -> inFlight() > 0);
        sync.kill();
        mysql.mend();
        sync.launch();
        await().atMost(PATIENCE).untilAsserted(() -> assertTitle(40, "Performing arts"));
        sync.awaitReady();
    }
}
