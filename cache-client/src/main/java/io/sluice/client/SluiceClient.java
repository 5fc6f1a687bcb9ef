package io.sluice.client;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.RemoveRequest;
import io.sluice.proto.v1.RemoveResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a Sluice cluster.
 *
 * <pre>{@code
 * try (SluiceClient client = SluiceClient.builder().etcd("127.0.0.1:2379").cluster("school").build()) {
 *     Answer answer = client.get("student", "42");
 * }
 * }</pre>
 *
 * <p>It knows the ring, so it asks the owner of a key directly; when the owner cannot be reached, or is silent for a
 * quarter of the deadline, it asks the replicas and then others, all within one deadline. What a node answers is final:
 * a missing row, an unknown group or a load that failed is not asked for again elsewhere.
 *
 * <p>Thread-safe; make one and keep it. Futures are completed on network threads: what follows on one must not block,
 * or must use the {@code ...Async} methods with an executor.
 */
public final class SluiceClient implements AutoCloseable {
    private static final int MAX_REMOVED_KEYS = 1_000;

    private final Router router;

    SluiceClient(Router router) {
        this.router = router;
    }

    /** A new builder. */
    public static SluiceClientBuilder builder() {
        return new SluiceClientBuilder();
    }

    /** Reads one key with the usual options. */
    public Answer get(String group, String key) {
        return get(group, key, ReadOptions.DEFAULT);
    }

    /** Reads one key. Throws a {@link SluiceException} when there is no answer. */
    public Answer get(String group, String key, ReadOptions options) {
        return Waiting.on(getAsync(group, key, options));
    }

    /** What the near cache has done; zeros when there is none. */
    public NearCacheStats nearCacheStats() {
        NearCache near = router.near();
        return near == null ? new NearCacheStats(0, 0, 0) : near.stats();
    }

    /** Reads one key; the future fails with a {@link SluiceException}. */
    public CompletableFuture<Answer> getAsync(String group, String key) {
        return getAsync(group, key, ReadOptions.DEFAULT);
    }

    /** Reads one key; the future fails with a {@link SluiceException}. */
    public CompletableFuture<Answer> getAsync(String group, String key, ReadOptions options) {
        return failing(() -> router.get(group, key, options));
    }

    /** Reads several keys of one group with the usual options. */
    public List<KeyOutcome> getMany(String group, List<String> keys) {
        return getMany(group, keys, ReadOptions.DEFAULT);
    }

    /** Reads several keys of one group. The outcomes have the order of the keys; each key fails for itself. */
    public List<KeyOutcome> getMany(String group, List<String> keys, ReadOptions options) {
        return Waiting.on(getManyAsync(group, keys, options));
    }

    /** Reads several keys of one group. */
    public CompletableFuture<List<KeyOutcome>> getManyAsync(String group, List<String> keys, ReadOptions options) {
        List<String> copy = List.copyOf(keys);
        return failing(() -> BatchRead.run(router, group, copy, options));
    }

    /**
     * Makes every holder forget keys, at most {@value #MAX_REMOVED_KEYS}. Rarely needed: what changes in the source is
     * forgotten without this.
     *
     * @return how many holders acknowledged, over all keys
     */
    public int remove(String group, List<String> keys) {
        return Waiting.on(removeAsync(group, keys));
    }

    /** Makes every holder forget keys. */
    public CompletableFuture<Integer> removeAsync(String group, List<String> keys) {
        return removeAsync(
                RemoveRequest.newBuilder().setGroup(group).addAllKeys(keys).build());
    }

    /**
     * Makes every node forget what carries a tag, at most {@value #MAX_REMOVED_KEYS} tags of the form that the rules
     * file declares. As rarely needed as {@link #remove}.
     *
     * @return how many nodes acknowledged, over all tags
     */
    public int removeTags(String group, List<String> tags) {
        return Waiting.on(removeTagsAsync(group, tags));
    }

    /** Makes every node forget what carries a tag. */
    public CompletableFuture<Integer> removeTagsAsync(String group, List<String> tags) {
        return removeAsync(
                RemoveRequest.newBuilder().setGroup(group).addAllTags(tags).build());
    }

    private CompletableFuture<Integer> removeAsync(RemoveRequest request) {
        int count = request.getKeysCount() + request.getTagsCount();
        if (count == 0 || count > MAX_REMOVED_KEYS) {
            throw new SluiceException(
                    ErrorCode.INVALID_ARGUMENT, count + " keys or tags to remove: give 1 to " + MAX_REMOVED_KEYS, null);
        }
        String first = request.getKeysCount() > 0 ? request.getKeys(0) : request.getTags(0);
        return failing(() -> router.ask(
                candidates(request.getGroup(), first),
                ReadOptions.DEFAULT,
                node -> node.remove(request),
                RemoveResponse::getAcknowledged));
    }

    /** A group without a loader, whose values the application puts. */
    public CacheAside cacheAside(String group) {
        return new CacheAside(router, group, key -> candidates(group, key));
    }

    /** Reads from one named member, to see what that node answers. */
    public NodeClient on(String memberName) {
        return new NodeClient(router, memberName);
    }

    /** The members and who holds what, as this client sees them now. */
    public Topology topology() {
        return router.topology();
    }

    /** Closes the connections and stops watching the members. Requests that are running fail. */
    @Override
    public void close() {
        router.close();
    }

    private List<Member> candidates(String group, String key) {
        return Router.candidates(router.topology(), KeyHash.of(group, key));
    }

    static <T> CompletableFuture<T> failing(Request<T> request) {
        try {
            return request.start();
        } catch (SluiceException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Something to start that may refuse at once. */
    interface Request<T> {
        CompletableFuture<T> start();
    }
}
