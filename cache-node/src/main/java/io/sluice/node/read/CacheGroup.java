package io.sluice.node.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.node.load.Loader;
import io.sluice.store.CacheStore;
import io.sluice.store.StoreKey;
import io.sluice.store.TimeToLive;
import org.jspecify.annotations.Nullable;

/**
 * One group on this node: where its entries are and how they are loaded. Immutable; its parts are thread-safe.
 *
 * @param source name of the source that it is loaded from
 * @param coherence by what its loads and Removes are ordered
 * @param loader also of a cache-aside group: it loads positions, and no values
 * @param tags what its keys carry, as its store knows it; null for nothing
 */
public record CacheGroup(
        String name,
        String source,
        Coherence coherence,
        CacheStore store,
        Loader loader,
        TimeToLive timeToLive,
        @Nullable GroupTags tags) {
    public CacheGroup {
        requireNonNull(name, "name is null");
        requireNonNull(source, "source is null");
        requireNonNull(coherence, "coherence is null");
        requireNonNull(store, "store is null");
        requireNonNull(loader, "loader is null");
        requireNonNull(timeToLive, "timeToLive is null");
    }

    /** A group without tags. */
    public CacheGroup(
            String name,
            String source,
            Coherence coherence,
            CacheStore store,
            Loader loader,
            TimeToLive timeToLive) {
        this(name, source, coherence, store, loader, timeToLive, null);
    }

    /** A group of the rules file with a store of its own, which knows its tags. */
    public static CacheGroup of(Group group, Coherence coherence, Loader loader, CacheStore store) {
        return new CacheGroup(
                group.name(),
                group.source(),
                coherence,
                store,
                loader,
                new TimeToLive(group.ttl(), group.negativeTtl()),
                GroupTags.of(group));
    }

    /** Whether its loads carry a stamp. */
    public boolean positioned() {
        return coherence == Coherence.GTID;
    }

    /** Whether it is a cache-aside group, whose values the application puts. */
    public boolean takesPuts() {
        return !loader.loadsValues();
    }

    /** The key as ring and store know it. */
    public StoreKey storeKey(String key) {
        byte[] utf8 = key.getBytes(UTF_8);
        return new StoreKey(utf8, KeyHash.of(name, utf8));
    }
}
