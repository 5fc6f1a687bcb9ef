package io.sluice.node;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import io.sluice.node.load.LoadSettings;
import io.sluice.node.load.Loader;
import io.sluice.node.load.LoaderProviders;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.GroupTags;
import io.sluice.store.KeyTags;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the sources and groups of a rules file, and takes over another one while the node runs: either all of it, or
 * nothing and the reason.
 *
 * <p>Changed by one thread at a time. {@link CacheGroups} has the order in which a group changes.
 */
final class RulesGroups {
    private static final Logger log = LoggerFactory.getLogger(RulesGroups.class);

    private final NodeConfig config;
    private final AppliedPositions applied;
    private final Stores memory;
    private final Sources sources;
    private final GroupLoaders loaders;
    private final CacheGroups groups = new CacheGroups(Map.of());
    private final Map<String, Held> stores = new HashMap<>();
    private @Nullable Rules rules;

    /** A store, which tells the tags of a key as they were declared when it was opened. */
    private record Held(SegmentedStore store, String tags) {}

    /**
     * Opens the groups, each with a store and a loader of its own.
     *
     * @param resources is given what there is to close
     * @throws io.grpc.StatusRuntimeException when a source is set up so that its positions cannot be trusted
     */
    RulesGroups(NodeConfig config, Rules rules, AppliedPositions applied, Resources resources, LongSupplier nanoClock) {
        this.config = requireNonNull(config, "config is null");
        this.applied = requireNonNull(applied, "applied is null");
        LoadSettings settings = config.loadSettings();
        this.memory = resources.add(new Stores(config.groupCapacities(), config.sharedCapacity(), nanoClock));
        this.sources = resources.add(new Sources(settings));
        LoaderProviders providers = resources.add(LoaderProviders.find(config.loaderJars()));
        this.loaders = resources.add(new GroupLoaders(providers, settings, nanoClock));
        take(rules, group -> {});
    }

    CacheGroups groups() {
        return groups;
    }

    /**
     * Goes by these rules when it returns; when it throws nothing has changed.
     *
     * @param arrived told of each group that there was not before, once it can be found
     * @throws RuntimeException why they cannot be taken over, in words for an operator
     */
    void take(Rules next, Consumer<CacheGroup> arrived) {
        // All that can fail comes first.
        Map<String, StoreSettings> storeSettings = checked(next);
        Map<String, Sources.Open> opened = sources.prepare(next.sources());
        Map<String, Loader> made = loaders(next, opened);
        Map<String, CacheGroup> after = new HashMap<>();
        List<CacheGroup> newcomers = new ArrayList<>();
        Map<String, Held> outgrown = new HashMap<>();
        for (Group group : next.groups().values()) {
            CacheGroup before = groups.find(group.name());
            if (before != null && isSame(group, next)) {
                after.put(group.name(), before);
                continue;
            }
            Held held = stores.get(group.name());
            boolean fits = held != null && held.tags().equals(tags(group));
            if (!fits) {
                KeyTags tags = requireNonNullElse(GroupTags.of(group), KeyTags.NONE);
                StoreSettings wanted = requireNonNull(storeSettings.get(group.name()));
                stores.put(group.name(), new Held(memory.open(group.name(), wanted, tags), tags(group)));
                if (held != null) {
                    outgrown.put(group.name(), held);
                }
            }
            SegmentedStore store = requireNonNull(stores.get(group.name())).store();
            CacheGroup changed = CacheGroup.of(
                    group,
                    source(next, group).coherence(),
                    requireNonNull(made.get(group.name())),
                    store,
                    applied.of(group.source()),
                    requireNonNull(next.fingerprints().get(group.name()), "a group's fingerprint is missing"));
            after.put(group.name(), changed);
            if (!fits) {
                newcomers.add(changed);
            }
        }
        swap(after, newcomers, arrived);
        outgrown.forEach((name, held) -> memory.close(name, held.store()));
        sources.use(opened);
        rules = next;
    }

    /** For each group that is new or has changed. */
    private Map<String, Loader> loaders(Rules next, Map<String, Sources.Open> opened) {
        Map<String, Loader> made = new HashMap<>();
        try {
            for (Group group : next.groups().values()) {
                if (groups.find(group.name()) == null || !isSame(group, next)) {
                    made.put(group.name(), loaders.make(group, requireNonNull(opened.get(group.source()))));
                }
            }
        } catch (RuntimeException e) {
            made.values().forEach(loaders::end);
            sources.abandon(opened);
            throw e;
        }
        return made;
    }

    private void swap(Map<String, CacheGroup> after, List<CacheGroup> newcomers, Consumer<CacheGroup> arrived) {
        Set<String> gone = new HashSet<>();
        for (CacheGroup before : groups.all()) {
            CacheGroup now = after.get(before.name());
            if (!before.equals(now)) {
                groups.end(before);
                loaders.end(before.loader());
                before.store().clear();
                log.info("Group {} {}: its entries are gone", before.name(), now == null ? "is gone" : "has changed");
            }
            if (now == null) {
                gone.add(before.name());
            }
        }
        if (rules != null) {
            // What was removed from a group that was not known here is not in its fence: see Floors.cover.
            newcomers.stream()
                    .filter(group -> group.coherence() != Coherence.NONE)
                    .forEach(group -> group.store().raiseFloor(SourcePosition.UNKNOWN));
        }
        groups.replace(after);
        newcomers.forEach(arrived);
        for (String name : gone) {
            memory.close(name, requireNonNull(stores.remove(name)).store());
        }
    }

    /**
     * Whether entries mean the same by these rules as by those that the node goes by, and come from the same server.
     */
    private boolean isSame(Group group, Rules next) {
        Rules before = requireNonNull(rules, "there are groups without rules");
        return requireNonNull(before.fingerprints().get(group.name()))
                        .equals(next.fingerprints().get(group.name()))
                && source(before, group).equals(source(next, group));
    }

    /** What the tags of a key depend on; empty where there are none. */
    private static String tags(Group group) {
        return group.tags().isEmpty() ? "" : group.key() + " " + group.tags();
    }

    private static Source source(Rules rules, Group group) {
        return requireNonNull(rules.sources().get(group.source()), "a group's source is missing");
    }

    /** Finds mistakes of configuration before anything is connected or changed. */
    private Map<String, StoreSettings> checked(Rules next) {
        for (String group : config.groupCapacities().keySet()) {
            if (!next.groups().containsKey(group)) {
                throw new IllegalArgumentException(
                        "store.groups names " + group + ", which is no group of the rules file: use one of "
                                + new TreeSet<>(next.groups().keySet()));
            }
        }
        Map<String, StoreSettings> checked = new HashMap<>();
        for (Group group : next.groups().values()) {
            StoreSettings wanted = config.storeSettings(group);
            checked.put(group.name(), wanted);
            Held held = stores.get(group.name());
            SegmentedStore store = held == null ? null : held.store();
            if (store != null && store.policy() != wanted.policy()) {
                log.warn(
                        "groups.{}.policy is {} from the next start of this node on; until then it stays {}",
                        group.name(),
                        wanted.policy(),
                        store.policy());
            }
        }
        return checked;
    }
}
