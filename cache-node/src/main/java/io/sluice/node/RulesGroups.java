package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Group;
import io.sluice.mapping.LoadQuery;
import io.sluice.mapping.LoaderChoice;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import io.sluice.node.load.LoadSettings;
import io.sluice.node.load.Loader;
import io.sluice.node.load.LoaderProviders;
import io.sluice.node.load.PositionLoader;
import io.sluice.node.load.ProvidedLoader;
import io.sluice.node.load.SourcePool;
import io.sluice.node.load.SqlLoader;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.store.CacheStore;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Opens the sources and groups of a rules file. Stateless. */
final class RulesGroups {
    private RulesGroups() {}

    /**
     * The groups, each with a store and a loader of its own.
     *
     * @param resources is given the connections to close
     * @throws io.grpc.StatusRuntimeException when a source is set up so that its positions cannot be trusted
     */
    static CacheGroups open(NodeConfig config, Rules rules, Resources resources, LongSupplier nanoClock) {
        LoadSettings settings = config.loadSettings();
        Map<String, CacheStore> stores = stores(config, rules, resources, nanoClock);
        LoaderProviders providers = resources.add(LoaderProviders.find(config.loaderJars()));
        Map<String, SourcePool> sources = new HashMap<>();
        for (Source source : rules.sources().values()) {
            SourcePool pool = resources.add(new SourcePool(source, settings));
            pool.checkNow();
            sources.put(source.name(), pool);
        }
        Map<String, CacheGroup> groups = new HashMap<>();
        for (Group group : rules.groups().values()) {
            SourcePool pool = requireNonNull(sources.get(group.source()), "a group's source is missing");
            Source source = requireNonNull(rules.sources().get(group.source()), "a group's source is missing");
            Loader loader = loader(group, source, pool, providers, settings, resources, nanoClock);
            groups.put(
                    group.name(),
                    CacheGroup.of(
                            group,
                            source.coherence(),
                            loader,
                            requireNonNull(stores.get(group.name()), "a group's store is missing")));
        }
        return new CacheGroups(groups);
    }

    private static Loader loader(
            Group group,
            Source source,
            SourcePool pool,
            LoaderProviders providers,
            LoadSettings settings,
            Resources resources,
            LongSupplier nanoClock) {
        LoadQuery query = group.load();
        if (query != null) {
            return new SqlLoader(group, query, pool, settings, nanoClock);
        }
        LoaderChoice choice = group.loader();
        return choice == null
                ? new PositionLoader(group.name(), pool, nanoClock)
                : resources.add(new ProvidedLoader(group, choice, source.coherence(), providers, settings, nanoClock));
    }

    /** Made before anything is connected, so that a mistake in the configuration is found at once. */
    private static Map<String, CacheStore> stores(
            NodeConfig config, Rules rules, Resources resources, LongSupplier nanoClock) {
        for (String group : config.groupCapacities().keySet()) {
            if (!rules.groups().containsKey(group)) {
                throw new IllegalArgumentException(
                        "store.groups names " + group + ", which is no group of the rules file: use one of "
                                + new TreeSet<>(rules.groups().keySet()));
            }
        }
        Stores memory = resources.add(new Stores(config.groupCapacities(), config.sharedCapacity(), nanoClock));
        Map<String, CacheStore> stores = new HashMap<>();
        for (Group group : rules.groups().values()) {
            stores.put(group.name(), memory.open(group.name(), config.storeSettings(group)));
        }
        return stores;
    }
}
