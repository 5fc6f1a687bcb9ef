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

    record SourceEntry(
            String jdbcUrl,
            String username,
            @Nullable Secret password,
            @Nullable Coherence coherence) {}

    record GroupEntry(
            String source,
            String key,
            @Nullable String load,
            @Nullable Rows rows,
            @Nullable Duration ttl,
            @Nullable Duration negativeTtl,
            @Nullable String policy) {}

    /** How many rows a load returns. */
    enum Rows {
        ONE,
        MANY
    }

    record Table(String table, List<Key> keys) {}

    record Key(String group, String key, @Nullable String when) {}
}
