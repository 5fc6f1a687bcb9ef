package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What the cache must forget: one key, what carries a tag, or a whole group. Immutable.
 *
 * @param key the key or the tag; empty for a group
 * @param cause why, as one of few kinds
 * @param reason why, in words and without any value of the row
 * @param rule the place of the rule in its file, such as {@code invalidate[0].keys[1]}; empty where it is no one rule
 * @param again after how long it should be forgotten once more; zero for most
 */
public record Invalidation(
        String group, Scope scope, String key, Cause cause, String reason, String rule, Duration again) {
    /** How much is forgotten. */
    public enum Scope {
        KEY,
        TAG,
        GROUP
    }

    public Invalidation {
        requireNonNull(group, "group is null");
        requireNonNull(scope, "scope is null");
        requireNonNull(key, "key is null");
        requireNonNull(cause, "cause is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(rule, "rule is null");
        requireNonNull(again, "again is null");
    }
}
