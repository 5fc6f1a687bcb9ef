package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;

import io.sluice.proto.v1.RemovalScope;

/**
 * One thing every holder has to forget, and the position of the change that asks for it. Immutable.
 *
 * @param group name of the group
 * @param scope one key, what carries a tag, the whole group, or that with its history
 * @param key the key or the tag; empty for a group
 * @param position GTID set of the change in MySQL's text form; empty when the change has none, and then entries go
 *     whatever their stamp; for a history what is left behind
 */
public record Removal(String group, RemovalScope scope, String key, String position) {
    public Removal {
        requireNonNull(group, "group is null");
        requireNonNull(scope, "scope is null");
        requireNonNull(key, "key is null");
        requireNonNull(position, "position is null");
    }

    /** Forgets one key. */
    public static Removal ofKey(String group, String key, String position) {
        return new Removal(group, RemovalScope.REMOVAL_SCOPE_KEY, key, position);
    }

    /** Forgets every key of a group that carries the tag. */
    public static Removal ofTag(String group, String tag, String position) {
        return new Removal(group, RemovalScope.REMOVAL_SCOPE_TAG, tag, position);
    }

    /** Forgets every key of a group. */
    public static Removal ofGroup(String group, String position) {
        return new Removal(group, RemovalScope.REMOVAL_SCOPE_GROUP, "", position);
    }

    /**
     * Forgets every key of a group, and what earlier removals demand of these transactions: the source has left them
     * behind and may give their numbers away again.
     */
    public static Removal ofHistory(String group, String leftBehind) {
        return new Removal(group, RemovalScope.REMOVAL_SCOPE_HISTORY, "", leftBehind);
    }

    /** True for one key, which has its holders; false for a tag or a whole group, which any member may have of. */
    public boolean isKey() {
        return scope == RemovalScope.REMOVAL_SCOPE_KEY;
    }
}
