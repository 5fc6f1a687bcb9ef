package io.sluice.sync.position;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.Position;
import io.sluice.sync.heartbeat.Echoes;
import io.sluice.sync.heartbeat.Echoes.Echo;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.kafka.StreamListener;
import io.sluice.sync.lost.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far each partition of the change stream has been passed, and so what nodes may be told to be applied to them: the
 * position of a heartbeat, once every record before it in its partition is done.
 *
 * <p>Done, not merely acknowledged by the node that is told: a Remove that is on its way to somebody else may become
 * one for this node when the ring changes ({@link io.sluice.coherence.AppliedPosition}). So one slow node holds up what
 * others may claim, for as long as it is waited for.
 *
 * <p>While changes of a source may have been passed over, and what nodes hold is not cleared for it, nothing is told of
 * that source: all before the heartbeat is done, but not all that was before it has come.
 *
 * <p>Safe for use by many threads; the stream tells its part on the poll thread. Invariant: a position is passed on
 * only for partitions whose number is known, and never one of a source whose topics are not.
 */
public final class StreamPositions implements StreamListener {
    /**
     * For so long at most, and a heartbeat or two, a node keeps nothing for transactions only it knows and no source
     * has.
     */
    static final Duration ASK_EVERY = Duration.ofSeconds(5);

    private final Function<String, @Nullable Echoes> echoes;
    private final Trust trust;
    private final StreamTopics topics;
    private final Consumer<Passed> nodes;
    private final LongSupplier nanoClock;
    private final Map<Partition, Lag> lags = new ConcurrentHashMap<>();
    /** When the nodes were last asked what they demand of a source; of the poll thread. */
    private final Map<String, Long> askedNanos = new HashMap<>();

    private volatile Set<Partition> assigned = Set.of();
    private volatile Map<String, Integer> counts = Map.of();

    /**
     * What nodes are told.
     *
     * @param partitions how many the change stream of the source has
     * @param phantoms all that are known; UNKNOWN when none are
     * @param revision of the topology by which it is told
     * @param tellDemanded whether nodes are to answer what they demand
     */
    public record Passed(
            String source,
            Partition partition,
            int partitions,
            SourcePosition position,
            SourcePosition phantoms,
            long revision,
            boolean tellDemanded) {
        /** As nodes are told; its header is left out. */
        public ApplyPositionRequest toRequest() {
            return ApplyPositionRequest.newBuilder()
                    .setSource(source)
                    .setTopic(partition.topic())
                    .setPartition(partition.number())
                    .setPartitions(partitions)
                    .setApplied(Position.newBuilder().setGtidSet(position.toString()))
                    .setPhantoms(Position.newBuilder().setGtidSet(phantoms.toString()))
                    .setTellDemanded(tellDemanded)
                    .build();
        }
    }

    /** How long the latest heartbeat of one's own took, from its commit: until it was read, and until it was passed. */
    private record Lag(long committedNanos, Duration arrived, Duration passed) {}

    /**
     * @param echoes what is known of the heartbeats of a source; null when it has none
     * @param nodes told of every heartbeat that was passed; must not block
     */
    public StreamPositions(
            Function<String, @Nullable Echoes> echoes,
            Trust trust,
            StreamTopics topics,
            Consumer<Passed> nodes,
            LongSupplier nanoClock) {
        this.echoes = requireNonNull(echoes, "echoes is null");
        this.trust = requireNonNull(trust, "trust is null");
        this.topics = requireNonNull(topics, "topics is null");
        this.nodes = requireNonNull(nodes, "nodes is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** The partitions of one source that this instance consumes. */
    public Collection<Partition> assigned(String source) {
        List<Partition> mine = new ArrayList<>();
        for (Partition partition : assigned) {
            if (topics.carry(source, partition.topic())) {
                mine.add(partition);
            }
        }
        return mine;
    }

    @Override
    public void consumes(Set<Partition> nowAssigned, Map<String, Integer> nowCounts) {
        counts = Map.copyOf(nowCounts);
        assigned = Set.copyOf(nowAssigned);
        lags.keySet().retainAll(assigned);
    }

    @Override
    public void arrived(Heartbeat heartbeat, Partition partition, String position) {
        Echo echo = carries(heartbeat, partition) ? echo(heartbeat, partition) : null;
        if (echo != null) {
            Duration took = since(echo);
            lags.merge(
                    partition,
                    new Lag(echo.committedNanos(), took, took),
                    (before, now) -> new Lag(now.committedNanos(), now.arrived(), before.passed()));
        }
    }

    @Override
    public void passed(Heartbeat heartbeat, Partition partition, String text, long revision) {
        Echoes known = echoes.apply(heartbeat.source());
        SourcePosition position = parse(text);
        int count = topics.partitions(heartbeat.source(), counts);
        if (known == null || position.isUnknown() || count == 0 || !carries(heartbeat, partition)) {
            return;
        }
        Echo echo = echo(heartbeat, partition);
        if (echo != null) {
            lags.computeIfPresent(partition, (same, lag) -> new Lag(lag.committedNanos(), lag.arrived(), since(echo)));
        }
        if (trust.isTrusted(heartbeat.source())) {
            SourcePosition phantoms = trust.phantoms(heartbeat.source());
            boolean ask = isTimeToAsk(heartbeat.source());
            nodes.accept(new Passed(heartbeat.source(), partition, count, position, phantoms, revision, ask));
        }
    }

    /** Now and then for ever, since what a node demands may come to it after it was asked. */
    private boolean isTimeToAsk(String source) {
        long now = nanoClock.getAsLong();
        Long last = askedNanos.get(source);
        if (last != null && now - last < ASK_EVERY.toNanos()) {
            return false;
        }
        askedNanos.put(source, now);
        return true;
    }

    /** Whether the partition is one of those that are counted. */
    private boolean carries(Heartbeat heartbeat, Partition partition) {
        return topics.carry(heartbeat.source(), partition.topic());
    }

    private @Nullable Echo echo(Heartbeat heartbeat, Partition partition) {
        Echoes known = echoes.apply(heartbeat.source());
        return known == null ? null : known.arrived(heartbeat, partition);
    }

    private Duration since(Echo echo) {
        return Duration.ofNanos(nanoClock.getAsLong() - echo.committedNanos());
    }

    private static SourcePosition parse(String text) {
        try {
            return SourcePosition.parse(text);
        } catch (PositionFormatException e) {
            return SourcePosition.UNKNOWN;
        }
    }

    /**
     * For each partition that one's own heartbeats come back in, how long the latest took from its commit until every
     * record before it was done, or for how long the next has been overdue, if that is longer.
     *
     * @param interval how often heartbeats are written
     */
    public Map<Partition, Duration> lags(Duration interval) {
        Map<Partition, Duration> now = new HashMap<>();
        lags.forEach((partition, lag) -> {
            Duration overdue = Duration.ofNanos(nanoClock.getAsLong() - lag.committedNanos())
                    .minus(interval);
            now.put(partition, overdue.compareTo(lag.passed()) > 0 ? overdue : lag.passed());
        });
        return now;
    }
}
