package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.devstack.Devstack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Lists by city and score: a row that comes, moves or goes takes its city's lists from every node, and no others. */
@SystemTest
@Order(11)
class TagsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "search";
    private static final List<String> CITIES = List.of("Rome", "Oslo", "Bonn");
    /** From 0, which finds something in most cities, to 90, which finds nothing anywhere. */
    private static final List<Integer> SCORES = List.of(0, 10, 20, 50, 90);

    private final Scene scene;

    TagsTest(Devstack stack) {
        scene = Scene.start(
                stack,
                "tags",
                3,
                """
                groups:
                  search:
                    source: app
                    key: "{city}/{least}"
                    rows: many
                    load: "SELECT city, name FROM places WHERE city = :city AND score >= :least ORDER BY name"
                    negative-ttl: 10m
                    tags: ["city:{city}"]
                invalidate:
                  - table: ${db}.places
                    keys:
                      - { group: search, tag: "city:{city}" }
                """,
                "CREATE TABLE places (name VARCHAR(20) PRIMARY KEY, city VARCHAR(20) COLLATE utf8mb4_bin, score INT)",
                "INSERT INTO places VALUES ('Anna', 'Rome', 5), ('Bruno', 'Rome', 15), ('Carl', 'Oslo', 25)");
        scene.cluster().awaitKeeping(scene.client(), GROUP, "Rome/0");
        // What was inserted before is removed by now, too.
        double removals = tagRemovals();
        scene.sql("INSERT INTO places VALUES ('Last', 'Nowhere', 0)");
        awaitTagRemovals(removals + scene.nodes().size());
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (String city : CITIES) {
            for (int score : SCORES) {
                keys.add(city + "/" + score);
            }
        }
        return keys;
    }

    private String text(SluiceProcess node, String key) {
        Answer answer = scene.on(node, GROUP, key);
        return answer.text().orElse("nothing");
    }

    /** Reads every list until both holders of each have it. */
    private void awaitAllKept() {
        await().atMost(PATIENCE).until(() -> {
            scene.nodes().forEach(node -> keys().forEach(key -> text(node, key)));
            return sum("sluice_store_entries") == 2 * keys().size();
        });
    }

    private double loads() {
        return sum("sluice_node_load_seconds_count");
    }

    private double sum(String metric) {
        return Metrics.sum(scene.nodes(), metric, "group=\"" + GROUP + "\"");
    }

    private void awaitEverywhere(String key, String expected) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(scene.nodes())
                        .allSatisfy(node -> assertThat(text(node, key)).isEqualTo(expected)));
    }

    private double tagRemovals() {
        return sum("sluice_node_tag_removals_total");
    }

    private void awaitTagRemovals(double count) {
        await().atMost(PATIENCE).until(() -> tagRemovals() >= count);
    }

    @Test
    void insertTakesAllListsOfItsCityOnAllNodesAndLeavesOtherCities() {
        awaitAllKept();
        double removals = tagRemovals();
        double removed = sum("sluice_store_removed_total");
        scene.sql("INSERT INTO places VALUES ('Dora', 'Bonn', 95)");
        awaitTagRemovals(removals + scene.nodes().size());
        assertThat(sum("sluice_store_removed_total") - removed)
                .as("Bonn's five lists, none of which had a row, on two holders each")
                .isEqualTo(2.0 * SCORES.size());

        double before = loads();
        for (SluiceProcess node : scene.nodes()) {
            for (String key : keys()) {
                String answer = text(node, key);
                if (key.startsWith("Bonn")) {
                    assertThat(answer).isEqualTo("[{\"city\":\"Bonn\",\"name\":\"Dora\"}]");
                }
            }
        }
        assertThat(loads() - before).as("loads: of Bonn's lists alone").isBetween(5.0, 10.0);
        double settled = loads();
        scene.nodes()
                .forEach(node ->
                        keys().stream().filter(key -> !key.startsWith("Bonn")).forEach(key -> text(node, key)));
        assertThat(loads()).as("loads of other cities' lists").isEqualTo(settled);
    }

    @Test
    void placeThatMovesLeavesOneCitysListsAndEntersAnothers() {
        awaitAllKept();
        double removals = tagRemovals();
        scene.sql("UPDATE places SET city = 'Oslo' WHERE name = 'Bruno'");
        awaitEverywhere("Rome/10", "nothing");
        awaitEverywhere("Oslo/10", "[{\"city\":\"Oslo\",\"name\":\"Bruno\"},{\"city\":\"Oslo\",\"name\":\"Carl\"}]");
        scene.sql("DELETE FROM places WHERE name = 'Bruno'");
        awaitEverywhere("Oslo/10", "[{\"city\":\"Oslo\",\"name\":\"Carl\"}]");
        awaitTagRemovals(removals + 3 * scene.nodes().size());
    }

    @Test
    void operatorCanRemoveByTag() {
        awaitAllKept();
        assertThat(scene.client().removeTags(GROUP, List.of("city:Rome")))
                .isEqualTo(scene.nodes().size());
        double before = loads();
        text(scene.nodes().getFirst(), "Oslo/0");
        assertThat(loads()).isEqualTo(before);
        text(scene.nodes().getFirst(), "Rome/0");
        assertThat(loads()).isGreaterThan(before);
    }
}
