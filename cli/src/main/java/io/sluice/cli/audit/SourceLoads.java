package io.sluice.cli.audit;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Group;
import io.sluice.mapping.LoadQuery;
import io.sluice.mapping.Rules;
import io.sluice.node.load.LoadSettings;
import io.sluice.node.load.Loaded;
import io.sluice.node.load.Loader;
import io.sluice.node.load.SourcePool;
import io.sluice.node.load.SqlLoader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads keys by the loaders of the nodes, so that values are the same to the byte. Groups without a load query have
 * nothing to be compared with. Thread-safe; has few connections to each source.
 */
final class SourceLoads implements KeySource, AutoCloseable {
    private static final LoadSettings SETTINGS = new LoadSettings(
            4, Duration.ofSeconds(2), Duration.ofSeconds(5), 8 << 20, 1_000_000, Duration.ofSeconds(1));

    private final Map<String, SourcePool> pools = new HashMap<>();
    private final Map<String, Loader> loaders = new TreeMap<>();
    private final Map<String, String> left = new TreeMap<>();

    /** Connects when it is first asked. */
    SourceLoads(Rules rules) {
        for (Group group : rules.groups().values()) {
            LoadQuery query = group.load();
            if (query == null) {
                left.put(group.name(), group.loader() == null ? "the application puts its values" : "a Java loader");
            } else if (!rules.reachedGroups().contains(group.name())) {
                left.put(group.name(), "no rule reaches it");
            } else {
                SourcePool pool = pools.computeIfAbsent(
                        group.source(),
                        name -> SourcePool.ofPrimary(
                                requireNonNull(rules.sources().get(name)), SETTINGS));
                loaders.put(group.name(), new SqlLoader(group, query, pool, SETTINGS, System::nanoTime));
            }
        }
    }

    boolean has(String group) {
        return loaders.containsKey(group);
    }

    /** The groups that can be read. */
    Iterable<String> groups() {
        return loaders.keySet();
    }

    /** The groups that cannot, and why. */
    Map<String, String> leftOut() {
        return left;
    }

    @Override
    public SourceRead read(String group, String key) {
        Loader loader = loaders.get(group);
        if (loader == null || !loader.accepts(key)) {
            throw new IllegalStateException("The rules have no such group any more, or the key does not fit it");
        }
        long start = System.nanoTime();
        Loaded loaded = loader.load(key, stamp -> {});
        return new SourceRead(
                start, System.nanoTime(), loaded.stamp(), Content.of(loaded.found(), ByteBuffer.wrap(loaded.value())));
    }

    @Override
    public void close() {
        pools.values().forEach(SourcePool::close);
    }
}
