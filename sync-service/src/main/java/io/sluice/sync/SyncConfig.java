package io.sluice.sync;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElseGet;

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
 * @param membership where the nodes are known from
 * @param dispatch how removals are sent
 * @param limits what bounds memory and waiting
 * @param adminHost address of the admin HTTP server (default 127.0.0.1)
 * @param adminPort port of the admin HTTP server (default 7421; 0 for any free one)
 */
public record SyncConfig(
        String name,
        String rules,
        KafkaSettings kafka,
        MembershipSettings membership,
        @Nullable DispatchSettings dispatch,
        @Nullable FlowLimits limits,
        @Nullable String adminHost,
        @Nullable Integer adminPort) {
    private static final int DEFAULT_ADMIN_PORT = 7421;
    private static final int MAX_PORT = 65_535;

    public SyncConfig {
        requireNonNull(name, "name is null");
        requireNonNull(rules, "rules is null");
        requireNonNull(kafka, "kafka is null");
        requireNonNull(membership, "membership is null");
        dispatch = requireNonNullElseGet(dispatch, DispatchSettings::defaults);
        limits = requireNonNullElseGet(limits, FlowLimits::defaults);
        adminHost = requireNonNullElseGet(adminHost, () -> "127.0.0.1");
        adminPort = requireNonNullElseGet(adminPort, () -> DEFAULT_ADMIN_PORT);
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is empty: give this instance a name of its own, such as sync-1");
        }
        if (adminPort < 0 || adminPort > MAX_PORT) {
            throw new IllegalArgumentException("admin-port must be 0 to 65535, not " + adminPort);
        }
    }

    /** Where the rules file is, given where the configuration file is. */
    public Path rulesPath(Path configFile) {
        return requireNonNull(configFile, "configFile is null").toAbsolutePath().resolveSibling(rules);
    }
}
