package io.sluice.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceException;
import io.sluice.devstack.Devstack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What nodes say of the staleness of their answers holds, and is kept to, with a sync service and while it stands
 * still.
 */
@SystemTest
@Order(9)
class StalenessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> WAYS = List.of("serve", "bypass", "fail");

    private final Scene scene;
    private final Items items;

    StalenessTest(Devstack stack) {
        scene = Items.scene(stack, "staleness", 2, groups(), rules());
        items = new Items(scene);
    }

    private static String groups() {
        StringBuilder groups = new StringBuilder();
        for (String past : WAYS) {
            groups.append("""
                      %s:
                        source: app
                        key: "{id}"
                        load: "SELECT id, version FROM items WHERE id = :id"
                        max-staleness: 4s
                        past-max-staleness: %s
                    """.formatted(past, past));
        }
        return groups.toString();
    }

    private static String rules() {
        StringBuilder rules = new StringBuilder();
        WAYS.forEach(past -> rules.append("      - { group: ").append(past).append(", key: \"{id}\" }\n"));
        return rules.toString();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    /** A version of a row, and when its commit was acknowledged. */
    private record Written(long version, long acknowledgedNanos) {}

    @Test
    void noAnswerIsStalerThanItSays() {
        List<Written> written = new ArrayList<>();
        int bounded = 0;
        int fromMemory = 0;
        long until = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        for (long version = 1_000_000; System.nanoTime() < until; version++) {
            scene.sql("UPDATE items SET version = " + version + " WHERE id = 7");
            written.add(new Written(version, System.nanoTime()));
            for (SluiceProcess node : scene.nodes()) {
                long sent = System.nanoTime();
                Answer answer = scene.on(node, Items.GROUP, "7");
                fromMemory += answer.servedFrom() == ServedFrom.SOURCE ? 0 : 1;
                if (answer.stalenessBoundMillis().isPresent()) {
                    bounded++;
                    long asOf = sent
                            - Duration.ofMillis(answer.stalenessBoundMillis().getAsLong())
                                    .toNanos();
                    assertThat(version(answer))
                            .as("bound of %s ms", answer.stalenessBoundMillis())
                            .isGreaterThanOrEqualTo(latestBefore(asOf, written));
                }
            }
        }
        assertThat(bounded).isGreaterThan(written.size());
        assertThat(fromMemory).isPositive();
    }

    private static long latestBefore(long nanos, List<Written> written) {
        long latest = 0;
        for (Written one : written) {
            latest = one.acknowledgedNanos() < nanos ? one.version() : latest;
        }
        return latest;
    }

    private static long version(Answer answer) {
        String text = answer.text().orElseThrow();
        return Long.parseLong(text.substring(text.lastIndexOf(':') + 1, text.length() - 1));
    }

    @Test
    void aCallerMayAskForATighterBound() throws Exception {
        items.readAll();
        await().atMost(PATIENCE).until(() -> get("item", "1").servedFrom() != ServedFrom.SOURCE);
        ReadOptions fresh = ReadOptions.DEFAULT.withMaxStaleness(Duration.ofMillis(300));
        scene.cluster().sync().pause();
        try {
            awaitAnswer("serve", answer -> bound(answer) > 2_000);
            for (int version = 2_000_000; version < 2_000_020; version++) {
                scene.sql("UPDATE items SET version = " + version + " WHERE id = 1");
                Answer answer = scene.client().get("item", "1", fresh);
                assertThat(bound(answer)).isLessThanOrEqualTo(300);
                // Memory, which is seconds behind, never gave it.
                assertThat(version(answer)).isGreaterThanOrEqualTo(2_000_000);
            }
        } finally {
            scene.cluster().sync().resume();
        }
        items.awaitEveryNodeEqualsSource();
    }

    @Test
    void pastItsMaxStalenessAGroupDoesWhatItSays() throws Exception {
        for (String group : WAYS) {
            await().atMost(PATIENCE).until(() -> get(group, "3").servedFrom() != ServedFrom.SOURCE);
            assertThat(get(group, "3").pastMaxStaleness()).isFalse();
        }
        scene.cluster().sync().pause();
        try {
            Answer served = awaitAnswer("serve", Answer::pastMaxStaleness);
            assertThat(served.servedFrom()).isNotEqualTo(ServedFrom.SOURCE);
            assertThat(bound(served)).isGreaterThan(4_000);

            awaitAnswer("bypass", answer -> answer.servedFrom() == ServedFrom.SOURCE);
            scene.sql("UPDATE items SET version = 3000000 WHERE id = 3");
            assertThat(version(get("bypass", "3"))).isEqualTo(3_000_000);
            scene.sql("UPDATE items SET version = 3000001 WHERE id = 3");
            Answer bypassed = get("bypass", "3");
            assertThat(version(bypassed)).as("it was not kept").isEqualTo(3_000_001);
            assertThat(bypassed.servedFrom()).isEqualTo(ServedFrom.SOURCE);
            assertThat(bypassed.pastMaxStaleness()).isFalse();

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> get("fail", "3"))
                            .isInstanceOf(SluiceException.class)
                            .hasMessageContaining("past-max-staleness is fail"));
        } finally {
            scene.cluster().sync().resume();
        }
        for (String group : WAYS) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> get(group, "3").servedFrom() != ServedFrom.SOURCE
                            && !get(group, "3").pastMaxStaleness());
            assertThat(version(get(group, "3"))).isEqualTo(3_000_001);
        }
        assertThat(Metrics.sum(scene.nodes(), "sluice_node_past_max_staleness_total"))
                .isPositive();
    }

    @Test
    void loadsTakeTheirStampsFromPolls() {
        items.readAll();
        scene.sql("UPDATE items SET version = version + 1 WHERE id > 100");
        items.readAll();
        for (SluiceProcess node : scene.nodes()) {
            assertThat(Metrics.sum(node, "sluice_node_stamps_total", "from=\"poll\""))
                    .as(node.name())
                    .isPositive();
        }
    }

    private Answer awaitAnswer(String group, Predicate<Answer> condition) {
        return await().atMost(PATIENCE).until(() -> get(group, "3"), condition);
    }

    private Answer get(String group, String key) {
        return scene.client().get(group, key);
    }

    private static long bound(Answer answer) {
        return answer.stalenessBoundMillis().orElse(Long.MAX_VALUE);
    }
}
