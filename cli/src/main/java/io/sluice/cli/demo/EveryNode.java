package io.sluice.cli.demo;

import io.sluice.client.Answer;
import io.sluice.client.SluiceClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Asks every node of the cluster, one by one. Used by one thread. */
final class EveryNode {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration STAYS = Duration.ofMillis(200);

    private final SluiceClient client;
    private final List<SluiceProcess> nodes;

    EveryNode(SluiceClient client, List<SluiceProcess> nodes) {
        this.client = client;
        this.nodes = nodes;
    }

    /** Reads a key on every node, so that all who may keep it do. */
    void read(String group, String key) {
        nodes.forEach(node -> client.on(node.name()).get(group, key));
    }

    /** Waits until every node gives such an answer. */
    void await(long startNanos, String group, String key, Predicate<Answer> expected) {
        for (SluiceProcess node : nodes) {
            while (!expected.test(client.on(node.name()).get(group, key))) {
                StepFailedException.check(
                        System.nanoTime() - startNanos < PATIENCE.toNanos(),
                        node.name() + " still gives the old answer after " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    /**
     * Returns the time from {@code startNanos} until every node gives such an answer, and makes sure that from then on
     * none gives another.
     */
    Duration until(long startNanos, String group, String key, Predicate<Answer> expected) {
        await(startNanos, group, key, expected);
        Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
        long stays = System.nanoTime() + STAYS.toNanos();
        while (System.nanoTime() < stays) {
            for (SluiceProcess node : nodes) {
                StepFailedException.check(
                        expected.test(client.on(node.name()).get(group, key)),
                        node.name() + " gave the old answer again after every node had given the new one");
            }
        }
        return time;
    }
}
