package io.sluice.node;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
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
import io.sluice.node.record.FlightRecorder;
import io.sluice.store.KeyTags;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
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
    private Map<String, Held> stores = Map.of();
    private @Nullable Rules rules;

    /**
     * A store, which tells the tags of a key as they were declared when it was opened, and whose fence has positions of
     * one source.
     */
    private record Held(SegmentedStore store, String tags, String source, Coherence coherence) {
        boolean fits(Held other) {
            return tags.equals(other.tags) && hasPositionsOf(other);
        }

        boolean hasPositionsOf(Held other) {
            return source.equals(other.source) && coherence == other.coherence;
        }
    }

    /**
     * Opens the groups, each with a store and a loader of its own.
     *
     * @param resources is given what there is to close
     * @throws io.grpc.StatusRuntimeException when a source is set up so that its positions cannot be trusted
     */
    RulesGroups(
            NodeConfig config,
            Rules rules,
            AppliedPositions applied,
            FlightRecorder recorder,
            Resources resources,
            Clocks clock) {
        this.config = requireNonNull(config, "config is null");
        this.applied = requireNonNull(applied, "applied is null");
        LoadSettings settings = config.loadSettings();
        this.memory =
                resources.add(new Stores(config.groupCapacities(), config.sharedCapacity(), recorder, clock::nanos));
        this.sources = resources.add(new Sources(settings, applied::polls, clock));
        LoaderProviders providers = resources.add(LoaderProviders.find(config.loaderJars()));
        this.loaders = resources.add(new GroupLoaders(providers, settings, clock::nanos));
        take(rules, group -> {});
    }

    CacheGroups groups() {
        return groups;
    }

    /** Those that there are now. */
    Collection<Sources.Open> openSources() {
        return sources.open();
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
        Map<String, Held> held = new HashMap<>();
        Set<String> reached = next.reachedGroups();
        for (Group group : next.groups().values()) {
            CacheGroup before = groups.find(group.name());
            Held standing = stores.get(group.name());
            if (before != null && standing != null && isSame(group, next)) {
                after.put(group.name(), before.with(group.staleness()));
                held.put(group.name(), standing);
                continue;
            }
            Held own = held(group, next, standing, requireNonNull(storeSettings.get(group.name())));
            CacheGroup changed = CacheGroup.of(
                    group,
                    own.coherence(),
                    requireNonNull(made.get(group.name())),
                    own.store(),
                    // What nothing removes from survives everything, and is no fresher for it.
                    reached.contains(group.name()) ? applied.of(group.source()) : new AppliedPosition(),
                    applied.bounds().of(source(next, group), reached.contains(group.name())),
                    requireNonNull(next.fingerprints().get(group.name()), "a group's fingerprint is missing"));
            after.put(group.name(), changed);
            held.put(group.name(), own);
            if (!own.equals(standing)) {
                newcomers.add(changed);
            }
        }
        Map<String, Held> earlier = stores;
        swap(after, newcomers);
        stores = held;
        carryFences(earlier, held);
        newcomers.forEach(arrived);
        closeStores(earlier, held);
        sources.use(opened);
        applied.bounds().retain(next.sources().values());
        rules = next;
    }

    private Held held(Group group, Rules next, @Nullable Held standing, StoreSettings wanted) {
        Coherence coherence = source(next, group).coherence();
        if (standing != null && standing.fits(new Held(standing.store(), tags(group), group.source(), coherence))) {
            return standing;
        }
        KeyTags tags = requireNonNullElse(GroupTags.of(group), KeyTags.NONE);
        return new Held(memory.open(group.name(), wanted, tags), tags(group), group.source(), coherence);
    }

    /**
     * A store that takes another's place demands what that one demanded. After the new one can be found: a Remove that
     * still goes into the old one is either seen here, or finds the new one when it looks again.
     */
    private static void carryFences(Map<String, Held> earlier, Map<String, Held> now) {
        earlier.forEach((name, before) -> {
            Held after = now.get(name);
            if (after != null && !after.equals(before) && after.hasPositionsOf(before)) {
                SourcePosition demanded = before.store().demanded();
                if (!demanded.isUnknown()) {
                    after.store().raiseFloor(demanded);
                }
            }
        });
    }

    private void closeStores(Map<String, Held> earlier, Map<String, Held> now) {
        earlier.forEach((name, before) -> {
            if (!before.equals(now.get(name))) {
                memory.close(name, before.store());
            }
        });
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

    private void swap(Map<String, CacheGroup> after, List<CacheGroup> newcomers) {
        List<Loader> ended = new ArrayList<>();
        for (CacheGroup before : groups.all()) {
            CacheGroup now = after.get(before.name());
            if (now == null || !now.standing().equals(before.standing())) {
                groups.end(before);
                before.store().clear();
                ended.add(before.loader());
                log.info("Group {} {}: its entries are gone", before.name(), now == null ? "is gone" : "has changed");
            }
        }
        if (rules != null) {
            // What was removed from a group that was not known here is not in its fence: see Floors.cover.
            newcomers.stream()
                    .filter(group -> group.coherence() != Coherence.NONE)
                    .forEach(group -> group.store().raiseFloor(SourcePosition.UNKNOWN));
        }
        groups.replace(after);
        ended.forEach(loaders::end);
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
