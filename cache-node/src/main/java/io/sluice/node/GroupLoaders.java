package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.mapping.Group;
import io.sluice.mapping.LoadQuery;
import io.sluice.mapping.LoaderChoice;
import io.sluice.node.load.LoadSettings;
import io.sluice.node.load.Loader;
import io.sluice.node.load.LoaderProviders;
import io.sluice.node.load.PositionLoader;
import io.sluice.node.load.ProvidedLoader;
import io.sluice.node.load.SqlLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the loaders of groups, and ends those that have something to end. Thread-safe. */
final class GroupLoaders implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupLoaders.class);

    private final LoaderProviders providers;
    private final LoadSettings settings;
    private final LongSupplier nanoClock;
    private final Set<ProvidedLoader> open = ConcurrentHashMap.newKeySet();

    /** The providers stay the caller's to close. */
    GroupLoaders(LoaderProviders providers, LoadSettings settings, LongSupplier nanoClock) {
        this.providers = requireNonNull(providers, "providers is null");
        this.settings = requireNonNull(settings, "settings is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** @throws IllegalArgumentException when there is no loader of the name that the group chooses, or it refuses */
    Loader make(Group group, Sources.Open source) {
        LoadQuery query = group.load();
        if (query != null) {
            return new SqlLoader(group, query, source.pool(), settings, nanoClock);
        }
        LoaderChoice choice = group.loader();
        if (choice == null) {
            return new PositionLoader(group.name(), source.pool(), nanoClock);
        }
        ProvidedLoader provided =
                new ProvidedLoader(group, choice, source.source().coherence(), providers, settings, nanoClock);
        open.add(provided);
        return provided;
    }

    /** It is asked for nothing more; what it is still asked for ends as failed. Waits for nobody. */
    void end(Loader loader) {
        if (loader instanceof ProvidedLoader provided && open.remove(provided)) {
            var _ = Thread.ofVirtual().name("loader-closer").start(() -> close(provided));
        }
    }

    /** Whatever others have written may be thrown. */
    private static void close(ProvidedLoader provided) {
        try {
            provided.close();
        } catch (Throwable e) {
            log.warn("A loader did not close cleanly", e);
        }
    }

    @Override
    public void close() {
        open.forEach(GroupLoaders::close);
        open.clear();
    }
}
