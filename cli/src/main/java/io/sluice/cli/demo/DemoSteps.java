package io.sluice.cli.demo;

import static io.sluice.cli.demo.StepFailedException.check;

import io.sluice.cli.demo.DemoStep.Outcome;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What the demo shows, in order. Each step checks what it shows, by what nodes answer and by what MySQL counts.
 *
 * <p>Used by one thread. The last step leaves a node killed.
 */
public final class DemoSteps {
    private static final String STUDENT = "student";
    private static final String ROSTER = "class-roster";
    private static final int CONCURRENT = 100;

    /** The chance that one of four partitions gets none of them is below one in ten million. */
    private static final int MARKERS = 60;

    private final School school;
    private final LocalCluster cluster;
    private final SluiceClient client;
    private final EveryNode everyNode;

    public DemoSteps(School school, LocalCluster cluster, SluiceClient client) {
        this.school = school;
        this.cluster = cluster;
        this.client = client;
        this.everyNode = new EveryNode(client, cluster.nodes());
    }

    /** All steps, to be run in this order. */
    public List<DemoStep> all() {
        return List.of(
                new DemoStep("first Get of a student", this::firstGet),
                new DemoStep("second Get of it", this::secondGet),
                new DemoStep("100 concurrent Gets of one cold key", this::concurrentGets),
                new DemoStep("a missing row, twice", this::missingRow),
                new DemoStep("UPDATE in plain SQL", this::update),
                new DemoStep("INSERT of the missing row", this::insert),
                new DemoStep("DELETE of a row", this::delete),
                new DemoStep("primary key changed", this::primaryKeyChange),
                new DemoStep("roster of two tables", this::roster),
                new DemoStep("kill -9 of a node during reads", this::killNode));
    }

    /**
     * Waits until the change stream has been followed to its end. What Canal had not delivered when the sync service
     * started comes now, and the school's own CREATE TABLE clears the groups once more. So rows enough for every
     * partition are changed, and awaited on every node.
     */
    public void awaitFollowed() throws SQLException {
        List<String> ids = IntStream.rangeClosed(School.STUDENTS - MARKERS + 1, School.STUDENTS)
                .mapToObj(Integer::toString)
                .toList();
        ids.forEach(id -> everyNode.read(STUDENT, id));
        school.sql("UPDATE students SET score = 0.25 WHERE id > " + (School.STUDENTS - MARKERS));
        long start = System.nanoTime();
        ids.forEach(id -> everyNode.await(start, STUDENT, id, says("0.25")));
    }

    private Outcome firstGet() throws SQLException {
        long loads = school.loads();
        long start = System.nanoTime();
        Answer answer = client.get(STUDENT, "42");
        Outcome outcome = Outcome.since(start, "loaded from MySQL by " + answer.servedBy());
        check(says("\"Student 42\"").test(answer), "the answer is not the row");
        check(answer.servedFrom() == ServedFrom.SOURCE, "it came from " + answer.servedFrom());
        check(school.loads() - loads == 1, "MySQL counted " + (school.loads() - loads) + " loads");
        return outcome;
    }

    private Outcome secondGet() throws SQLException {
        long loads = school.loads();
        long start = System.nanoTime();
        Answer answer = client.get(STUDENT, "42");
        Outcome outcome = Outcome.since(start, "from the memory of " + answer.servedBy());
        check(answer.servedFrom() == ServedFrom.MEMORY, "it came from " + answer.servedFrom());
        check(school.loads() == loads, "MySQL was asked again");
        return outcome;
    }

    private Outcome concurrentGets() throws SQLException {
        long loads = school.loads();
        List<SluiceProcess> nodes = cluster.nodes();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < CONCURRENT; i++) {
            String node = nodes.get(i % nodes.size()).name();
            answers.add(client.on(node).getAsync(STUDENT, "1234", ReadOptions.DEFAULT));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        long counted = school.loads() - loads;
        Outcome outcome = Outcome.since(start, "over all nodes; MySQL counted " + counted + " load");
        check(answers.stream().map(CompletableFuture::join).allMatch(says("\"Student 1234\"")), "an answer is wrong");
        check(counted == 1, "MySQL counted " + counted + " loads");
        return outcome;
    }

    private Outcome missingRow() throws SQLException {
        long loads = school.loads();
        long start = System.nanoTime();
        Answer first = client.get(STUDENT, "5000");
        Answer second = client.get(STUDENT, "5000");
        long counted = school.loads() - loads;
        Outcome outcome = Outcome.since(start, "not found both times; MySQL counted " + counted + " load");
        check(!first.found() && !second.found(), "it was found");
        check(counted == 1, "MySQL counted " + counted + " loads");
        return outcome;
    }

    private Outcome update() throws SQLException {
        everyNode.read(STUDENT, "42");
        school.sql("UPDATE students SET name = 'Ada' WHERE id = 42");
        return changed("every node answers the new name after", STUDENT, "42", says("\"Ada\""));
    }

    private Outcome insert() throws SQLException {
        everyNode.read(STUDENT, "5000");
        school.sql("INSERT INTO students VALUES (5000, 'Grace', 7, 99.00)");
        return changed("every node finds it after", STUDENT, "5000", says("\"Grace\""));
    }

    private Outcome delete() throws SQLException {
        everyNode.read(STUDENT, "5000");
        school.sql("DELETE FROM students WHERE id = 5000");
        return changed("no node finds it after", STUDENT, "5000", answer -> !answer.found());
    }

    private Outcome primaryKeyChange() throws SQLException {
        everyNode.read(STUDENT, "77");
        everyNode.read(STUDENT, "6077");
        school.sql("UPDATE students SET id = 6077 WHERE id = 77");
        long start = System.nanoTime();
        Duration oldKey = everyNode.until(start, STUDENT, "77", answer -> !answer.found());
        everyNode.until(start, STUDENT, "6077", says("\"Student 77\""));
        return new Outcome("old key gone and new key found on every node; the old one after", oldKey);
    }

    private Outcome roster() throws SQLException {
        everyNode.read(ROSTER, "43");
        school.sql("UPDATE classes SET title = 'Analysis' WHERE id = 43");
        Outcome title = changed("title changed after", ROSTER, "43", says("\"Analysis\""));
        school.sql("UPDATE students SET name = 'Emmy' WHERE id = 143");
        Outcome name = changed("name", ROSTER, "43", says("\"Emmy\""));
        return new Outcome(
                String.format(
                        Locale.ROOT,
                        "on every node: a class renamed after %d ms, a student in it after",
                        title.time().toMillis()),
                name.time());
    }

    private Outcome killNode() throws InterruptedException {
        String owner = client.get(STUDENT, "200").servedBy();
        return new ReadsDuringKill(client).run(cluster.node(owner));
    }

    /** Called right after the commit. */
    private Outcome changed(String detail, String group, String key, Predicate<Answer> expected) {
        return new Outcome(detail, everyNode.until(System.nanoTime(), group, key, expected));
    }

    private static Predicate<Answer> says(String part) {
        return answer -> answer.text().orElse("").contains(part);
    }
}
