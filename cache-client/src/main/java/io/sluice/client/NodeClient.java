package io.sluice.client;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads from one named member only, never from another: to see what that node answers. Thread-safe. */
public final class NodeClient {
    private final Router router;
    private final String name;

    NodeClient(Router router, String name) {
        this.router = router;
        this.name = name;
    }

    /** Reads one key with the usual options. */
    public Answer get(String group, String key) {
        return get(group, key, ReadOptions.DEFAULT);
    }

    /** Reads one key. */
    public Answer get(String group, String key, ReadOptions options) {
        return Waiting.on(getAsync(group, key, options));
    }

    /** Reads one key; the future fails with a {@link SluiceException}. */
    public CompletableFuture<Answer> getAsync(String group, String key, ReadOptions options) {
        Topology topology = router.topology();
        Member member = topology.member(name);
        if (member == null) {
            return CompletableFuture.failedFuture(new SluiceException(
                    ErrorCode.UNAVAILABLE,
                    "there is no member " + name + "; members are "
                            + topology.members().stream().map(Member::name).toList(),
                    null));
        }
        return router.ask(
                List.of(member),
                options,
                node -> node.get(WireForms.get(group, key, options)),
                response -> WireForms.answer(response.getAnswer()));
    }
}
