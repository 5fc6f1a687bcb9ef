package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

/**
 * What the cache must forget: one key, or a whole group when the keys cannot be told. Immutable.
 *
 * @param key the key; empty for a group
 * @param reason why a whole group must go, without any value of the row; empty for a key
 */
public record Invalidation(String group, Scope scope, String key, String reason) {
    /** How much is forgotten. */
    public enum Scope {
        KEY,
        GROUP
    }

    public Invalidation {
        requireNonNull(group, "group is null");
        requireNonNull(scope, "scope is null");
        requireNonNull(key, "key is null");
        requireNonNull(reason, "reason is null");
    }

    static Invalidation ofKey(String group, String key) {
        return new Invalidation(group, Scope.KEY, key, "");
    }

    static Invalidation ofGroup(String group, String reason) {
        return new Invalidation(group, Scope.GROUP, "", reason);
    }
}
