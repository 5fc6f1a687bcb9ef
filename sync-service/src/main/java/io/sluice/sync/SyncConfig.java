package io.sluice.sync;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.sluice.cluster.ClusterConfig;
import io.sluice.config.Address;
import io.sluice.config.DataSize;
import io.sluice.config.Secret;
import io.sluice.sync.dispatch.DispatchSettings;
import io.sluice.sync.fanout.FanOutSettings;
import io.sluice.sync.heartbeat.HeartbeatSettings;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.kafka.FlowLimits;
import io.sluice.sync.kafka.KafkaSettings;
import io.sluice.sync.kafka.Topics;
import io.sluice.sync.position.StreamTopics;
import io.sluice.sync.source.ChangeFormat;
import io.sluice.sync.source.ChangeSource;
import io.sluice.sync.source.ColumnTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration file of one sync service, read with {@link io.sluice.config.ConfigFile}. Immutable: what the file
 * says, and methods that give it with the defaults filled in. Everything is checked on construction
 * (IllegalArgumentException).
 *
 * @param name of this instance, in logs, at brokers and at nodes; different for each instance
 * @param rules path of the rules file, relative to the configuration file; or {@code etcd}, where they are published
 * @param kafka where the change stream is
 * @param cluster where the nodes are known from; the same section as on the nodes
 * @param dispatch how removals are sent
 * @param limits what bounds memory and waiting
 * @param heartbeat the table in MySQL that the service writes to, and as whom
 * @param fanOut the bounds of queries that find keys
 * @param listen where operators' commands are answered; default 127.0.0.1:7401
 * @param admin where metrics and health are served; default 127.0.0.1:7481
 */
public record SyncConfig(
        String name,
        String rules,
        Kafka kafka,
        ClusterConfig cluster,
        @Nullable Dispatch dispatch,
        @Nullable Limits limits,
        @Nullable Heartbeat heartbeat,
        @Nullable FanOut fanOut,
        @Nullable Address listen,
        @Nullable Address admin) {
    /** Where operators' commands are answered when the configuration does not say. */
    public static final int DEFAULT_PORT = 7401;

    private static final int DEFAULT_ADMIN_PORT = 7481;
    private static final FanOut NO_FAN_OUT = new FanOut(null, null, null, null);

    public SyncConfig {
        requireNonNull(name, "name is null");
        requireNonNull(rules, "rules is null");
        requireNonNull(kafka, "kafka is null");
        requireNonNull(cluster, "cluster is null");
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is empty: give this instance a name of its own, such as sync-1");
        }
        kafka.check();
        if (dispatch != null) {
            dispatch.settings();
        }
        if (limits != null) {
            limits.settings();
        }
        HeartbeatSettings login = heartbeat == null ? HeartbeatSettings.DEFAULTS : heartbeat.settings();
        if (fanOut != null) {
            fanOut.settings(login);
        }
        Duration interval = heartbeatInterval();
        if (interval.toMillis() < 10 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "heartbeat.interval must be 10ms to 1m, not " + interval.toMillis() + "ms");
        }
    }

    public DispatchSettings dispatchSettings() {
        return dispatch == null ? DispatchSettings.DEFAULTS : dispatch.settings();
    }

    public FlowLimits flowLimits() {
        return limits == null ? FlowLimits.DEFAULTS : limits.settings();
    }

    public HeartbeatSettings heartbeatSettings() {
        return heartbeat == null ? HeartbeatSettings.DEFAULTS : heartbeat.settings();
    }

    /** They ask as the user who writes heartbeats. */
    public FanOutSettings fanOutSettings() {
        return requireNonNullElse(fanOut, NO_FAN_OUT).settings(heartbeatSettings());
    }

    /** How often heartbeats are written. */
    public Duration heartbeatInterval() {
        Duration interval = heartbeat == null ? null : heartbeat.interval();
        return interval == null ? Duration.ofSeconds(1) : interval;
    }

    /** Which topics carry the changes of which of the sources that have positions. */
    public StreamTopics streamTopics(Set<String> sources) {
        Map<String, Set<String>> named = heartbeat == null ? null : heartbeat.topics();
        if (named != null) {
            for (String source : named.keySet()) {
                if (!sources.contains(source)) {
                    throw new IllegalArgumentException("heartbeat.topics names " + source
                            + ", which is no source with positions (coherence: gtid) of the rules file: use one of "
                            + new TreeSet<>(sources));
                }
            }
        }
        String only = sources.size() == 1 ? sources.iterator().next() : "";
        return new StreamTopics(requireNonNullElse(named, Map.of()), only);
    }

    public Address listenAddress() {
        return requireNonNullElse(listen, Address.onLoopback(DEFAULT_PORT));
    }

    public Address adminAddress() {
        return requireNonNullElse(admin, Address.onLoopback(DEFAULT_ADMIN_PORT));
    }

    /**
     * As {@link KafkaSettings}; group id {@code sluice-sync} and topic {@code sluice-dead-letters} by default.
     *
     * @param topics or {@code topicPattern}, one of the two
     * @param format a name of {@link ChangeFormat}, {@code canal-json} by default
     * @param columnTypes {@code database.table} to column to MySQL type, for formats that do not tell types
     */
    public record Kafka(
            List<String> bootstrapServers,
            @Nullable List<String> topics,
            @Nullable String topicPattern,
            @Nullable String format,
            @Nullable Map<String, Map<String, String>> columnTypes,
            @Nullable String groupId,
            @Nullable String deadLetterTopic,
            @Nullable Map<String, String> properties) {
        public KafkaSettings settings() {
            return new KafkaSettings(
                    bootstrapServers,
                    subscription(),
                    requireNonNullElse(groupId, "sluice-sync"),
                    requireNonNullElse(deadLetterTopic, "sluice-dead-letters"),
                    requireNonNullElse(properties, Map.of()));
        }

        private Topics subscription() {
            if (topics == null && topicPattern == null) {
                throw new IllegalArgumentException("kafka.topics is missing: name the topics that the changes are"
                        + " written to, or give kafka.topic-pattern, a regular expression of their names");
            }
            if (topics != null && topicPattern != null) {
                throw new IllegalArgumentException("there are kafka.topics and kafka.topic-pattern: keep one of them");
            }
            return topics == null ? Topics.matching(requireNonNull(topicPattern)) : Topics.named(topics);
        }

        /** Reads records of the configured format. */
        public ChangeSource source(FlowLimits limits) {
            return changeFormat().source((int) limits.maxRecord().bytes(), declaredTypes());
        }

        ChangeFormat changeFormat() {
            return format == null ? ChangeFormat.CANAL_JSON : ChangeFormat.named(format);
        }

        private ColumnTypes declaredTypes() {
            return columnTypes == null ? ColumnTypes.NONE : new ColumnTypes(columnTypes);
        }

        void check() {
            settings();
            try {
                changeFormat();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("kafka.format: " + e.getMessage(), e);
            }
            try {
                declaredTypes();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("kafka.column-types: " + e.getMessage(), e);
            }
        }

        /** Without the values of the properties: there are passwords among them. */
        @Override
        public String toString() {
            return settings().toString();
        }
    }

    /** As {@link DispatchSettings}. */
    public record Dispatch(
            @Nullable Integer maxBatch,
            @Nullable DataSize maxBatchBytes,
            @Nullable Duration linger,
            @Nullable Integer window,
            @Nullable DataSize maxBacklog,
            @Nullable Duration rpcTimeout,
            @Nullable Duration retryInitial,
            @Nullable Duration retryMax) {
        DispatchSettings settings() {
            DispatchSettings usual = DispatchSettings.DEFAULTS;
            return new DispatchSettings(
                    requireNonNullElse(maxBatch, usual.maxBatch()),
                    requireNonNullElse(maxBatchBytes, usual.maxBatchBytes()),
                    requireNonNullElse(linger, usual.linger()),
                    requireNonNullElse(window, usual.window()),
                    requireNonNullElse(maxBacklog, usual.maxBacklog()),
                    requireNonNullElse(rpcTimeout, usual.rpcTimeout()),
                    requireNonNullElse(retryInitial, usual.retryInitial()),
                    requireNonNullElse(retryMax, usual.retryMax()));
        }
    }

    /** As {@link FlowLimits}. */
    public record Limits(
            @Nullable DataSize maxRecord,
            @Nullable Integer inFlightRecords,
            @Nullable DataSize inFlightBytes,
            @Nullable DataSize waitingBytes,
            @Nullable Duration commitInterval,
            @Nullable Duration drainTimeout,
            @Nullable Duration retry) {
        FlowLimits settings() {
            FlowLimits usual = FlowLimits.DEFAULTS;
            return new FlowLimits(
                    requireNonNullElse(maxRecord, usual.maxRecord()),
                    requireNonNullElse(inFlightRecords, usual.inFlightRecords()),
                    requireNonNullElse(inFlightBytes, usual.inFlightBytes()),
                    requireNonNullElse(waitingBytes, usual.waitingBytes()),
                    requireNonNullElse(commitInterval, usual.commitInterval()),
                    requireNonNullElse(drainTimeout, usual.drainTimeout()),
                    requireNonNullElse(retry, usual.retry()));
        }
    }

    /** As {@link FanOutSettings}. */
    public record FanOut(
            @Nullable Integer rows,
            @Nullable Duration timeout,
            @Nullable Integer connections,
            @Nullable Integer queue) {
        FanOutSettings settings(HeartbeatSettings login) {
            FanOutSettings usual = FanOutSettings.DEFAULTS;
            return new FanOutSettings(
                    requireNonNullElse(rows, usual.rows()),
                    requireNonNullElse(timeout, usual.timeout()),
                    requireNonNullElse(connections, usual.connections()),
                    requireNonNullElse(queue, usual.queue()),
                    login.connectTimeout(),
                    login.username(),
                    login.password());
        }
    }

    /**
     * As {@link HeartbeatSettings}.
     *
     * @param interval how often heartbeats are written (default 1s)
     * @param topics for each source the topics that carry its changes; needed only where there are several sources
     */
    public record Heartbeat(
            @Nullable String table,
            @Nullable String username,
            @Nullable Secret password,
            @Nullable Duration connectTimeout,
            @Nullable Duration timeout,
            @Nullable Duration interval,
            @Nullable Map<String, Set<String>> topics) {
        HeartbeatSettings settings() {
            HeartbeatSettings usual = HeartbeatSettings.DEFAULTS;
            return new HeartbeatSettings(
                    table == null ? usual.table() : HeartbeatTable.parse(table),
                    username,
                    requireNonNullElse(password, Secret.NONE),
                    requireNonNullElse(connectTimeout, usual.connectTimeout()),
                    requireNonNullElse(timeout, usual.timeout()));
        }
    }
}
