package io.sluice.node.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.mapping.Staleness;
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
 * @param applied how far the changes of its source have been applied to this node
 * @param freshness how fresh its answers are and have to be
 * @param definition the fingerprint of how its entries are made and of the rules that remove them
 * @param standing whether this is what the node goes by still
 */
public record CacheGroup(
        String name,
        String source,
        Coherence coherence,
        CacheStore store,
        Loader loader,
        TimeToLive timeToLive,
        @Nullable GroupTags tags,
        AppliedPosition applied,
        Freshness freshness,
        long definition,
        Standing standing) {
    public CacheGroup {
        requireNonNull(name, "name is null");
        requireNonNull(source, "source is null");
        requireNonNull(coherence, "coherence is null");
        requireNonNull(store, "store is null");
        requireNonNull(loader, "loader is null");
        requireNonNull(timeToLive, "timeToLive is null");
        requireNonNull(applied, "applied is null");
        requireNonNull(freshness, "freshness is null");
        requireNonNull(standing, "standing is null");
    }

    /** A group of no file, without tags, whose definition never changes. */
    public CacheGroup(
            String name, String source, Coherence coherence, CacheStore store, Loader loader, TimeToLive timeToLive) {
        this(name, source, coherence, store, loader, timeToLive, null, new AppliedPosition(), 0, new Standing());
    }

    /** A group of no file, whose entries are as fresh as their age says. */
    public CacheGroup(
            String name,
            String source,
            Coherence coherence,
            CacheStore store,
            Loader loader,
            TimeToLive timeToLive,
            @Nullable GroupTags tags,
            AppliedPosition applied,
            long definition,
            Standing standing) {
        this(
                name,
                source,
                coherence,
                store,
                loader,
                timeToLive,
                tags,
                applied,
                Freshness.byAge(),
                definition,
                standing);
    }

    /** A group of the rules file with a store of its own, which knows its tags. */
    public static CacheGroup of(
            Group group,
            Coherence coherence,
            Loader loader,
            CacheStore store,
            AppliedPosition applied,
            StalenessBound bound,
            long definition) {
        return new CacheGroup(
                group.name(),
                group.source(),
                coherence,
                store,
                loader,
                new TimeToLive(group.ttl(), group.negativeTtl()),
                GroupTags.of(group),
                applied,
                new Freshness(bound, group.staleness()),
                definition,
                new Standing());
    }

    /** The same where only how stale answers may be is another: its entries mean what they meant. */
    public CacheGroup with(Staleness staleness) {
        if (staleness.equals(freshness.staleness())) {
            return this;
        }
        Freshness other = new Freshness(freshness.bound(), staleness);
        return new CacheGroup(
                name, source, coherence, store, loader, timeToLive, tags, applied, other, definition, standing);
    }

    /** Whether this node still goes by it: what was made under another definition must not be stored. */
    public boolean isCurrent() {
        return standing.stands();
    }

    /** Whether what another node has made was made by the same definition. */
    public boolean isDefinedAs(long otherDefinition) {
        return definition == otherDefinition;
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
