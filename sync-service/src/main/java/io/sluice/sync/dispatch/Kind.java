package io.sluice.sync.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.proto.v1.RemovalScope;
import org.jspecify.annotations.Nullable;

/** What the removals of one group and scope have in common, worked out once for all of them. Immutable. */
final class Kind {
    private final String group;
    private final RemovalScope scope;
    private final byte[] groupUtf8;
    private final KeyHash keyHash;
    private final int hashCode;

    Kind(String group, RemovalScope scope) {
        this.group = requireNonNull(group, "group is null");
        this.scope = requireNonNull(scope, "scope is null");
        this.groupUtf8 = group.getBytes(UTF_8);
        this.keyHash = KeyHash.ofGroup(group);
        this.hashCode = 31 * group.hashCode() + scope.hashCode();
    }

    String group() {
        return group;
    }

    RemovalScope scope() {
        return scope;
    }

    /** True where only the holders of a key need to be told; everybody otherwise. */
    boolean isKey() {
        return scope == RemovalScope.REMOVAL_SCOPE_KEY;
    }

    /** The group's name on the wire; not to be changed. */
    byte[] groupUtf8() {
        return groupUtf8;
    }

    /** The ring's hash of a key of the group. */
    long hash(byte[] key) {
        return keyHash.hash(key, 0, key.length);
    }

    boolean is(String otherGroup, RemovalScope otherScope) {
        return scope == otherScope && group.equals(otherGroup);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Kind that && is(that.group, that.scope);
    }

    @Override
    public int hashCode() {
        return hashCode;
    }
}
