package io.sluice.node.read;

import io.sluice.config.NearestName;
import io.sluice.node.Failures;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The groups of this node by name. Immutable. */
public final class CacheGroups {
    private final Map<String, CacheGroup> byName;

    public CacheGroups(Map<String, CacheGroup> byName) {
        this.byName = Map.copyOf(byName);
    }

    /**
     * The group of this name.
     *
     * @throws io.grpc.StatusRuntimeException NOT_FOUND when the rules file declares no such group
     */
    public CacheGroup require(String name) {
        CacheGroup group = byName.get(name);
        if (group == null) {
            throw Failures.notFound("No group of this name in the rules file"
                    + NearestName.of(name, byName.keySet())
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("; its groups are "
                                    + String.join(
                                            ", ",
                                            byName.keySet().stream().sorted().toList())));
        }
        return group;
    }

    /** Null when the rules file declares no such group. */
    public @Nullable CacheGroup find(String name) {
        return byName.get(name);
    }

    public Collection<CacheGroup> all() {
        return byName.values();
    }

    /** Drops entries whose key's hash the predicate rejects. Takes time in proportion to the entries. */
    public void retainIf(LongPredicate keyHash) {
        for (CacheGroup group : byName.values()) {
            group.store().retainIf(keyHash);
        }
    }
}
