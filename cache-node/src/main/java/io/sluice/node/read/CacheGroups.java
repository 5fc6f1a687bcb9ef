package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;
import io.sluice.config.NearestName;
import io.sluice.node.Failures;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The groups of this node by name: a snapshot, swapped whole when the rules change.
 *
 * <p>A group whose definition has not changed stays the object that it is, with what it holds. One whose definition has
 * changed keeps its store, and with it all that the fence knows; only its entries go, in this order:
 *
 * <ol>
 *   <li>{@link #end}: from here on nothing is stored under the old definition, since everybody who stores looks at
 *       {@link CacheGroup#isCurrent} under the store's lock;
 *   <li>its store is cleared: whatever was stored before is gone;
 *   <li>{@link #replace}: reads go by the new definition.
 * </ol>
 *
 * Any other order lets an old entry into the new definition:
 *
 * <pre>
 *    the store is cleared
 * 1: a load under the old definition ends and is stored
 *    the old definition ends; reads by the new one are answered with the old entry
 *
 *    the new definition is there, the store not cleared yet
 * 1: another node, which has the new definition too, peeks, and keeps the old entry as one of the new definition
 * </pre>
 *
 * A read that has the old definition in hand may find an entry of the new one; to its caller, who asked before the
 * change, that is as right as the old one. Who hands entries on to other nodes looks at {@link CacheGroup#isCurrent}
 * after it has found one: then the entry is of the definition in hand.
 *
 * <p>Thread-safe; changed by one thread at a time.
 */
public final class CacheGroups {
    private final MissedRemovals missed = new MissedRemovals();
    private volatile Map<String, CacheGroup> byName;
    private volatile Consumer<CacheGroup> ended = group -> {};

    public CacheGroups(Map<String, CacheGroup> byName) {
        this.byName = Map.copyOf(byName);
    }

    /**
     * The group of this name.
     *
     * @throws io.grpc.StatusRuntimeException NOT_FOUND when the rules file declares no such group
     */
    public CacheGroup require(String name) {
        Map<String, CacheGroup> now = byName;
        CacheGroup group = now.get(name);
        if (group == null) {
            throw Failures.notFound("No group of this name in the rules file"
                    + NearestName.of(name, now.keySet())
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("; its groups are "
                                    + String.join(
                                            ", ", now.keySet().stream().sorted().toList())));
        }
        return group;
    }

    /** Null when the rules file declares no such group. */
    public @Nullable CacheGroup find(String name) {
        return byName.get(name);
    }

    /**
     * The group for something that is to be removed from it; null when there is none, and then the position is
     * remembered for the case that the group comes. In this order, since it may come at this moment: whoever does not
     * find it is heard of by who brings it.
     */
    public @Nullable CacheGroup findToRemove(String name, SourcePosition position) {
        CacheGroup group = byName.get(name);
        if (group == null) {
            missed.record(name, position);
            group = byName.get(name);
        }
        return group;
    }

    /** What a group that has just come was to remove before; to be asked when it can be found. UNKNOWN for nothing. */
    public SourcePosition missedBy(String name) {
        return missed.take(name);
    }

    public Collection<CacheGroup> all() {
        return byName.values();
    }

    /** What a source never will have is demanded of nobody in its groups. */
    public void exempt(String source, SourcePosition phantoms) {
        for (CacheGroup group : byName.values()) {
            if (group.source().equals(source)) {
                group.store().exempt(phantoms);
            }
        }
    }

    /** The node does not go by this definition any more: nothing is stored under it when this has returned. */
    public void end(CacheGroup group) {
        group.standing().end();
        ended.accept(group);
    }

    /** Has someone told of each definition that ends, right after it has. */
    public void whenEnded(Consumer<CacheGroup> listener) {
        ended = listener;
    }

    /** The node goes by these from now on; those that are not among them have ended before. */
    public void replace(Map<String, CacheGroup> next) {
        byName = Map.copyOf(next);
    }

    /** Drops entries whose key's hash the predicate rejects. Takes time in proportion to the entries. */
    public void retainIf(LongPredicate keyHash) {
        for (CacheGroup group : byName.values()) {
            group.store().retainIf(keyHash);
        }
    }
}
