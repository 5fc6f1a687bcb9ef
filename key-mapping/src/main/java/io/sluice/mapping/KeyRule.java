package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One compiled rule: a row change of its table makes something of its group stale. Immutable.
 *
 * @param id the place in the rules file
 * @param key of the key or the tag; null for the whole group, and where a query finds the keys
 * @param clearOnNull whether a NULL in the key removes the group rather than nothing
 * @param again after how long to forget once more; zero for not at all
 * @param canalZone in which Canal prints TIMESTAMP of the group's source; null when not told
 * @param query finds the keys; null where the row tells them
 */
record KeyRule(
        String id,
        String group,
        Effect effect,
        @Nullable KeyTemplate key,
        Condition when,
        boolean clearOnNull,
        Duration again,
        @Nullable ZoneId canalZone,
        @Nullable KeyQuery query) {
    /** What becomes stale. */
    enum Effect {
        KEY,
        TAG,
        GROUP,
        QUERY
    }

    KeyRule {
        requireNonNull(id, "id is null");
        requireNonNull(group, "group is null");
        requireNonNull(effect, "effect is null");
        requireNonNull(when, "when is null");
        requireNonNull(again, "again is null");
    }

    /** Every column the rule looks at. */
    List<String> columns() {
        return Stream.concat(keyColumns().stream(), when.columns().stream()).toList();
    }

    private List<String> keyColumns() {
        if (query != null) {
            return query.query().parameters();
        }
        return key == null ? List.of() : key.columns();
    }
}
