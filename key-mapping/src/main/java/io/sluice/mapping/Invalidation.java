package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the cache must forget: one key, what carries a tag, a whole group, or the keys that a query finds. Immutable.
 *
 * @param key the key or the tag; empty for a group and a query
 * @param cause why, as one of few kinds
 * @param reason why, in words and without any value of the row
 * @param rule the place of the rule in its file, such as {@code invalidate[0].keys[1]}; empty where it is no one rule
 * @param again after how long it should be forgotten once more; zero for most
 * @param fanOut the query; null for all else
 */
public record Invalidation(
        String group,
        Scope scope,
        String key,
        Cause cause,
        String reason,
        String rule,
        Duration again,
        @Nullable FanOut fanOut) {
    /** How much is forgotten. */
    public enum Scope {
        KEY,
        TAG,
        GROUP,
        QUERY
    }

    public Invalidation {
        requireNonNull(group, "group is null");
        requireNonNull(scope, "scope is null");
        requireNonNull(key, "key is null");
        requireNonNull(cause, "cause is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(rule, "rule is null");
        requireNonNull(again, "again is null");
        if ((scope == Scope.QUERY) != (fanOut != null)) {
            throw new IllegalArgumentException("a query belongs to scope QUERY, and to no other");
        }
    }

    /** What needs no query. */
    public Invalidation(
            String group, Scope scope, String key, Cause cause, String reason, String rule, Duration again) {
        this(group, scope, key, cause, reason, rule, again, null);
    }
}
