package io.sluice.sync;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElseGet;

import io.sluice.cluster.ClusterConfig;
import io.sluice.sync.dispatch.DispatchSettings;
import io.sluice.sync.kafka.FlowLimits;
import io.sluice.sync.kafka.KafkaSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one sync service, read with {@link io.sluice.config.ConfigFile}. Immutable.
 *
 * @param name of this instance, in logs, at brokers and at nodes; different for each instance
 * @param rules path of the rules file, relative to the configuration file
 * @param kafka where the change stream is
 * @param cluster where the nodes are known from; the same section as on the nodes
 * @param dispatch how removals are sent
 * @param limits what bounds memory and waiting
 * @param admin where metrics and health are served (default 127.0.0.1:7481; port 0 for any free one)
 */
public record SyncConfig(
        String name,
        String rules,
        KafkaSettings kafka,
        ClusterConfig cluster,
        @Nullable DispatchSettings dispatch,
        @Nullable FlowLimits limits,
        @Nullable Address admin) {
    private static final int DEFAULT_ADMIN_PORT = 7481;

    public SyncConfig {
        requireNonNull(name, "name is null");
        requireNonNull(rules, "rules is null");
        requireNonNull(kafka, "kafka is null");
        requireNonNull(cluster, "cluster is null");
        dispatch = requireNonNullElseGet(dispatch, DispatchSettings::defaults);
        limits = requireNonNullElseGet(limits, FlowLimits::defaults);
        admin = requireNonNullElseGet(admin, () -> new Address(null, DEFAULT_ADMIN_PORT));
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is empty: give this instance a name of its own, such as sync-1");
        }
    }

    /**
     * A place to listen.
     *
     * @param host name or address (default 127.0.0.1)
     * @param port 1 to 65535, or 0 for any free one
     */
    public record Address(@Nullable String host, int port) {
        private static final int MAX_PORT = 65_535;

        public Address {
            host = requireNonNullElseGet(host, () -> "127.0.0.1");
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException("the port is " + port + ": give 0 to 65535");
            }
        }
    }

    /** Where the rules file is, given where the configuration file is. */
    public Path rulesPath(Path configFile) {
        return requireNonNull(configFile, "configFile is null").toAbsolutePath().resolveSibling(rules);
    }
}
