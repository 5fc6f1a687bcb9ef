package io.sluice.client;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.GetManyResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads several keys: one request to each owner, at most {@value #MAX_KEYS} keys in one. No state. */
final class BatchRead {
    /** A node's limit unless configured otherwise. */
    static final int MAX_KEYS = 1_000;

    private BatchRead() {}

    static CompletableFuture<List<KeyOutcome>> run(
            Router router, String group, List<String> keys, ReadOptions options) {
        Topology topology = router.topology();
        List<Part> parts = new ArrayList<>();
        Map<Member, Part> open = new LinkedHashMap<>();
        @Nullable KeyOutcome[] outcomes = new KeyOutcome[keys.size()];
        NearCache near = router.near();
        for (int i = 0; i < keys.size(); i++) {
            Answer kept = near == null ? null : near.find(group, keys.get(i), options);
            if (kept != null) {
                outcomes[i] = new KeyOutcome.Answered(kept);
                continue;
            }
            long hash = KeyHash.of(group, keys.get(i));
            List<Member> candidates = Router.candidates(topology, hash);
            Part part = open.get(candidates.get(0));
            if (part == null || part.indexes.size() == MAX_KEYS) {
                part = new Part(candidates, new ArrayList<>());
                open.put(candidates.get(0), part);
                parts.add(part);
            }
            part.indexes.add(i);
        }
        CompletableFuture<?>[] requests = parts.stream()
                .map(part -> ask(router, group, keys, options, part).thenAccept(some -> {
                    for (int i = 0; i < part.indexes.size(); i++) {
                        outcomes[part.indexes.get(i)] = some.get(i);
                    }
                }))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(requests).thenApply(done -> List.of(outcomes));
    }

    private static CompletableFuture<List<KeyOutcome>> ask(
            Router router, String group, List<String> keys, ReadOptions options, Part part) {
        List<String> some = part.indexes.stream().map(keys::get).toList();
        return router.ask(
                        part.candidates,
                        options,
                        node -> node.getMany(WireForms.getMany(group, some, options)),
                        response -> outcomes(response, some.size()))
                .exceptionally(failure -> failed(failure, some.size()));
    }

    private static List<KeyOutcome> outcomes(GetManyResponse response, int expected) {
        if (response.getResultsCount() != expected) {
            return failed(
                    new SluiceException(
                            ErrorCode.INTERNAL,
                            "asked for " + expected + " keys, got " + response.getResultsCount()
                                    + " results: the node has a bug",
                            null),
                    expected);
        }
        return response.getResultsList().stream().map(WireForms::outcome).toList();
    }

    private static List<KeyOutcome> failed(Throwable failure, int count) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        KeyOutcome outcome = new KeyOutcome.Failed(Failures.of("the node", cause));
        return Collections.nCopies(count, outcome);
    }

    /** Keys of one owner, by their index in the request. */
    private record Part(List<Member> candidates, List<Integer> indexes) {}
}
