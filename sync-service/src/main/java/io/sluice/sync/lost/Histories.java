package io.sluice.sync.lost;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.RingRecord;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.mapping.Rules;
import io.sluice.sync.flow.MappedRecord;
import io.sluice.sync.heartbeat.BeatListener;
import io.sluice.sync.heartbeat.PrimaryState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The histories of all sources that have positions: takes what the stream and the primaries say, and reports what is
 * lost to {@link LostSources}.
 *
 * <p>A partition's positions are compared with each other only where all of the topic is of one source
 * ({@link io.sluice.sync.position.StreamTopics}): positions of two sources are never comparable.
 *
 * <p>Safe for use by many threads; {@link #saw} is for the poll thread.
 */
public final class Histories implements BeatListener, Trust {
    private static final Logger log = LoggerFactory.getLogger(Histories.class);

    private final BiPredicate<String, String> carries;
    private final Supplier<RingFloors> rings;
    private final LostSources lost;
    private final Map<String, SourceHistory> sources = new ConcurrentHashMap<>();
    private final Map<Partition, PartitionHistory> partitions = new ConcurrentHashMap<>();
    private volatile Map<String, String> sourceOfGroup = Map.of();
    private volatile Set<String> positioned = Set.of();

    /**
     * What the rings demand.
     *
     * @param bySource the union of the floors of all rings
     */
    public record RingFloors(long revision, Map<String, SourcePosition> bySource) {
        /** Those of the rings of a topology. */
        public static RingFloors of(Topology topology) {
            Map<String, SourcePosition> bySource = new HashMap<>();
            for (RingRecord ring : topology.rings()) {
                ring.floors().forEach((source, floor) -> bySource.merge(source, floor, SourcePosition::union));
            }
            return new RingFloors(topology.revision(), bySource);
        }
    }

    /** @param carries whether changes of a source may be in a topic */
    public Histories(Rules rules, BiPredicate<String, String> carries, Supplier<RingFloors> rings, LostSources lost) {
        this.carries = requireNonNull(carries, "carries is null");
        this.rings = requireNonNull(rings, "rings is null");
        this.lost = requireNonNull(lost, "lost is null");
        use(rules);
    }

    /** Goes by the groups and sources of these rules from now on. */
    public void use(Rules rules) {
        Map<String, String> next = new HashMap<>();
        for (Map.Entry<String, Group> group : rules.groups().entrySet()) {
            String source = group.getValue().source();
            if (requireNonNull(rules.sources().get(source), "no such source").coherence() == Coherence.GTID) {
                next.put(group.getKey(), source);
            }
        }
        sourceOfGroup = next;
        positioned = new HashSet<>(next.values());
    }

    /** A record was read. */
    public void saw(Partition partition, MappedRecord record) {
        if (record.lacksPosition()) {
            record.removals().forEach(removal -> lacksPosition(removal.group(), removal.position()));
            record.fanOuts().forEach(fanOut -> lacksPosition(fanOut.group(), fanOut.position()));
            return;
        }
        PartitionHistory history = partitions.computeIfAbsent(partition, added -> new PartitionHistory());
        PartitionHistory.Step step = history.next(record.position());
        if (step != PartitionHistory.Step.ON) {
            stepped(partition, step, history);
        }
    }

    private void lacksPosition(String group, String position) {
        String source = position.isEmpty() ? sourceOfGroup.get(group) : null;
        if (source != null) {
            lost.add(source, Loss.NO_POSITION, SourcePosition.UNKNOWN);
        }
    }

    private void stepped(Partition partition, PartitionHistory.Step step, PartitionHistory history) {
        String source = onlySource(partition);
        if (source.isEmpty()) {
            return;
        }
        switch (step) {
            case ON -> {}
            case BACK -> {
                log.info("Partition {} goes back to positions that it has been beyond: a replay", partition);
                of(source).wentBack();
            }
            case ON_BY_ANOTHER_SERVER -> of(source).namesAnotherServer(servers(history.highest()));
            case ASIDE -> lost.add(source, Loss.INCOMPARABLE, SourcePosition.UNKNOWN);
        }
    }

    private static Set<String> servers(SourcePosition position) {
        Set<String> servers = new HashSet<>();
        for (String server : position.toString().split(",", -1)) {
            servers.add(server.substring(0, Math.max(0, server.indexOf(':'))));
        }
        return servers;
    }

    /** Empty when the topic may carry several, or none that has positions. */
    private String onlySource(Partition partition) {
        String only = "";
        for (String source : positioned) {
            if (carries.test(source, partition.topic())) {
                if (!only.isEmpty()) {
                    return "";
                }
                only = source;
            }
        }
        return only;
    }

    /** Nodes are about to be told to demand a position that was read on the primary. */
    public void demands(String source, SourcePosition position) {
        of(source).demands(position);
    }

    /** A node has told what it demands, some of which may have been read by instances that are gone. */
    public void nodeDemands(String source, String position) {
        if (!position.isEmpty() && positioned.contains(source)) {
            try {
                demands(source, SourcePosition.parse(position));
            } catch (PositionFormatException e) {
                log.warn("A node demands what is no position of source {}; it is passed over", source, e);
            }
        }
    }

    /** Offsets that this instance goes on from name the servers that the sources were on when these were committed. */
    public void resumed(Map<String, String> servers) {
        servers.forEach((source, server) -> {
            if (positioned.contains(source)) {
                of(source).resumed(server);
            }
        });
    }

    /**
     * The server of each source that was seen last, here or by who committed the offsets that this instance goes on
     * from. If it is another than before, the source is open by the time that this names it.
     */
    public SortedMap<String, String> servers() {
        SortedMap<String, String> servers = new TreeMap<>();
        for (String source : positioned) {
            SourceHistory history = sources.get(source);
            if (history != null && !history.lastServer().isEmpty()) {
                servers.put(source, history.lastServer());
            }
        }
        return servers;
    }

    /** What is known is looked at now, before the heartbeat is committed. */
    @Override
    public Consumer<PrimaryState> begins(String source) {
        SourcePosition seen = SourcePosition.UNKNOWN;
        for (Map.Entry<Partition, PartitionHistory> partition : partitions.entrySet()) {
            if (onlySource(partition.getKey()).equals(source)) {
                seen = seen.union(partition.getValue().highest());
            }
        }
        RingFloors floors = rings.get();
        SourceHistory.Known known = new SourceHistory.Known(
                seen,
                floors.bySource().getOrDefault(source, SourcePosition.UNKNOWN),
                floors.revision(),
                of(source).demanded());
        return state -> beat(source, state, known);
    }

    private void beat(String source, PrimaryState state, SourceHistory.Known known) {
        SourcePosition before = phantoms(source);
        of(source).beat(state, known);
        SourcePosition phantoms = phantoms(source);
        if (!phantoms.isUnknown() && !phantoms.equals(before)) {
            log.warn(
                    "The change stream of source {}, or what nodes know of it, names transactions of other servers that"
                            + " its primary does not have, as after a failover that lost them: {}. Nobody waits for them",
                    source,
                    phantoms);
        }
    }

    private void lost(String source, Loss loss, SourcePosition leftBehind) {
        if (loss == Loss.SHRUNK) {
            // What was seen is of the history that has ended.
            partitions.forEach((partition, history) -> {
                if (onlySource(partition).equals(source)) {
                    history.beginAnew();
                }
            });
        }
        lost.add(source, loss, leftBehind);
    }

    private SourceHistory of(String source) {
        return sources.computeIfAbsent(source, added -> new SourceHistory(source, this::lost));
    }

    @Override
    public SourcePosition phantoms(String source) {
        SourceHistory history = sources.get(source);
        return history == null ? SourcePosition.UNKNOWN : history.phantoms();
    }

    /** Not while something is lost, nor while the stream names what its primary has yet to give the numbers to. */
    @Override
    public boolean isTrusted(String source) {
        SourceHistory history = sources.get(source);
        return !lost.isOpen(source) && (history == null || !history.isStreamAhead());
    }
}
