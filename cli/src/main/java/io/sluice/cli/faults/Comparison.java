package io.sluice.cli.faults;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What every node answers for every key beside what MySQL has, while nobody writes. Immutable.
 *
 * @param fromMemory answers that came from the memory of a node: the keys that were cached
 * @param wrong for each answer that differs from MySQL, or failed, a line with the node and where it was from
 */
record Comparison(int fromMemory, List<String> wrong) {
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));
    private static final int AT_ONCE = 200;
    /** What a group of many rows without any answers; one of one row is not found. */
    private static final String EMPTY = "[]";

    Comparison {
        wrong = List.copyOf(wrong);
    }

    /** Reads every key on every node, a cached one as it is cached now. */
    static Comparison of(FaultRows rows, SluiceClient client, List<SluiceProcess> nodes) throws SQLException {
        Map<FaultRows.Key, String> source = rows.source();
        List<FaultRows.Key> keys = FaultRows.keys();
        List<String> wrong = new ArrayList<>();
        int fromMemory = 0;
        for (SluiceProcess node : nodes) {
            for (int from = 0; from < keys.size(); from += AT_ONCE) {
                List<FaultRows.Key> some = keys.subList(from, Math.min(from + AT_ONCE, keys.size()));
                List<CompletableFuture<Answer>> answers = some.stream()
                        .map(key -> client.on(node.name()).getAsync(key.group(), key.key(), PATIENT))
                        .toList();
                for (int i = 0; i < some.size(); i++) {
                    fromMemory += judge(node, some.get(i), answers.get(i), source, wrong) ? 1 : 0;
                }
            }
        }
        return new Comparison(fromMemory, wrong);
    }

    /** Whether it came from memory. */
    private static boolean judge(
            SluiceProcess node,
            FaultRows.Key key,
            CompletableFuture<Answer> future,
            Map<FaultRows.Key, String> source,
            List<String> wrong) {
        try {
            Answer answer = future.join();
            Optional<String> text = answer.text().filter(value -> !value.equals(EMPTY));
            if (!text.equals(Optional.ofNullable(source.get(key)))) {
                wrong.add(node.name() + " answers " + key + " from " + answer.servedFrom() + " of " + answer.servedBy()
                        + ", age " + answer.age().toMillis() + " ms, stamp " + answer.stamp() + ": "
                        + text.orElse("not found") + "; MySQL has " + source.get(key));
            }
            return answer.servedFrom() != ServedFrom.SOURCE;
        } catch (CompletionException e) {
            wrong.add(node.name() + " does not answer " + key + ": " + e.getCause());
            return false;
        }
    }
}
