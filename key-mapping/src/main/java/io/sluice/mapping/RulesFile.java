package io.sluice.mapping;

import io.sluice.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules file as it is written, before anything is checked against anything else. Immutable. */
record RulesFile(
        int version,
        Map<String, SourceEntry> sources,
        Map<String, GroupEntry> groups,
        @Nullable List<Table> invalidate) {

    /**
     * @param readUrl where loads go that need not read the primary
     * @param canalTimeZone the zone of Canal's JVM, in which it prints TIMESTAMP
     */
    record SourceEntry(
            String jdbcUrl,
            String username,
            @Nullable Secret password,
            @Nullable Coherence coherence,
            @Nullable String readUrl,
            @Nullable String canalTimeZone) {}

    /** @param tags templates of what an entry can be removed by besides its key */
    record GroupEntry(
            String source,
            String key,
            @Nullable String load,
            @Nullable String batchLoad,
            @Nullable String loader,
            @Nullable Map<String, String> settings,
            @Nullable Rows rows,
            @Nullable ValueForm value,
            @Nullable Duration ttl,
            @Nullable Duration negativeTtl,
            @Nullable Duration maxStaleness,
            @Nullable PastMaxStaleness pastMaxStaleness,
            @Nullable String policy,
            @Nullable List<String> tags) {}

    /** How many rows a load returns. */
    enum Rows {
        ONE,
        MANY
    }

    /** What a NULL in a key column does. */
    enum NullKey {
        SKIP,
        CLEAR
    }

    /** @param table a name, a wildcard or a regular expression: {@link TablePattern} */
    record Table(
            String table,
            @Nullable List<Key> keys,
            @Nullable List<Cascade> cascades) {}

    /**
     * One of {@code key}, {@code tag} and {@code clear}.
     *
     * @param query finds the keys: its parameters are columns of the changed row, {@code key} is over its result
     * @param againAfter when to remove a second time
     */
    record Key(
            String group,
            @Nullable String key,
            @Nullable String tag,
            @Nullable Boolean clear,
            @Nullable String query,
            @Nullable String when,
            @Nullable NullKey nullKey,
            @Nullable Duration againAfter) {}

    /**
     * Rows of another table that a foreign key deletes or changes with a row of this one.
     *
     * @param columns of the other table, each with the column of this table that it equals
     */
    record Cascade(String table, Map<String, String> columns) {}
}
