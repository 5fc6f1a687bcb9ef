package io.sluice.node;

import static java.util.Objects.requireNonNullElse;

import io.sluice.coherence.FenceLimits;
import io.sluice.config.DataSize;
import io.sluice.mapping.Group;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code store} of a node's configuration: what may be kept. Immutable.
 *
 * @param capacity bytes of all groups together; default 256MiB
 * @param groups bytes of groups that have a capacity of their own, taken from the node's; the others share the rest
 * @param segments independently locked parts of each group's store, a power of two; default 16
 * @param policy name of the eviction policy of groups that choose none in the rules; default w-tinylfu
 */
public record StoreSection(
        @Nullable DataSize capacity,
        @Nullable Map<String, DataSize> groups,
        @Nullable Integer segments,
        @Nullable String policy) {
    static final StoreSection DEFAULTS = new StoreSection(null, null, null, null);

    /** How the stores of groups work that name no policy of their own. */
    StoreSettings settings() {
        PolicyKind kind = policy == null ? PolicyKind.DEFAULT : policy("store.policy", policy);
        return new StoreSettings(requireNonNullElse(segments, 16), kind, FenceLimits.DEFAULTS);
    }

    /** How the store of this group works; the policy it names comes before the node's. */
    StoreSettings settings(Group group) {
        StoreSettings settings = settings();
        String name = group.policy();
        return name == null
                ? settings
                : settings.withPolicy(policy("groups." + group.name() + ".policy in the rules", name));
    }

    /** Bytes of each group that has a capacity of its own. */
    Map<String, Long> groupCapacities() {
        Map<String, Long> capacities = new HashMap<>();
        requireNonNullElse(groups, Map.<String, DataSize>of())
                .forEach((group, size) -> capacities.put(group, size.bytes()));
        return Map.copyOf(capacities);
    }

    /** Bytes of all other groups together: what those with a capacity of their own leave of the node's. */
    long sharedCapacity() {
        DataSize all = requireNonNullElse(capacity, new DataSize(256L << 20));
        long own =
                groupCapacities().values().stream().mapToLong(Long::longValue).sum();
        if (own > all.bytes()) {
            throw new IllegalArgumentException("store.groups asks for " + new DataSize(own)
                    + ", more than store.capacity, which is " + all + ": raise it, or lower theirs");
        }
        return all.bytes() - own;
    }

    private static PolicyKind policy(String what, String name) {
        try {
            return PolicyKind.named(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }
}
