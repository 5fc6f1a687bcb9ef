package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named key space: how its keys are built and how a value is loaded. Immutable.
 *
 * @param source the name of its source
 * @param load null where a Java loader loads, and for a cache-aside group, whose values the application puts
 * @param batchLoad loads several keys at once; null where each is loaded for itself
 * @param loader the Java loader of a group whose values are not rows; null for all others
 * @param many whether a value is a list of rows rather than one row
 * @param value what a loaded value is made of
 * @param negativeTtl how long "no such row" is remembered
 * @param staleness how stale answers may be
 * @param tags templates over columns that stand in the key as they are: what an entry can be removed by besides its key
 * @param policy the name of the eviction policy, not checked here; null where the group leaves it to the node
 */
public record Group(
        String name,
        String source,
        KeyTemplate key,
        @Nullable LoadQuery load,
        @Nullable BatchQuery batchLoad,
        @Nullable LoaderChoice loader,
        boolean many,
        ValueForm value,
        Duration ttl,
        Duration negativeTtl,
        Staleness staleness,
        @Nullable String policy,
        List<KeyTemplate> tags) {
    public Group {
        requireNonNull(name, "name is null");
        requireNonNull(source, "source is null");
        requireNonNull(key, "key is null");
        requireNonNull(value, "value is null");
        requireNonNull(ttl, "ttl is null");
        requireNonNull(negativeTtl, "negativeTtl is null");
        requireNonNull(staleness, "staleness is null");
        tags = List.copyOf(tags);
    }

    /** The tags of a key, one for each template; empty when the key cannot be split for sure. */
    public Optional<List<String>> tagsOf(String entryKey) {
        return key.derive(entryKey, tags);
    }

    /** Whether a key of this group may carry the tag, by its form. */
    public boolean mayCarry(String tag) {
        return tags.stream().anyMatch(template -> template.mayGive(tag));
    }

    /** The texts of its load queries; none without a load. */
    List<String> queries() {
        List<String> queries = new ArrayList<>();
        if (load != null) {
            queries.add(load.sql());
        }
        if (batchLoad != null) {
            queries.add(batchLoad.sql());
        }
        return queries;
    }
}
