package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Rules;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Heartbeats on every source that has positions ({@code coherence: gtid}). Safe for use by many threads; whoever asks
 * waits. Invariant: either every such source has a position, or there is an error: a floor that lacks a source would
 * let a new holder keep what it must not. The sources are a snapshot, replaced when the rules change.
 */
public final class Heartbeats {
    private static final List<Integer> FIRST_ROW = List.of(0);

    private final HeartbeatSettings settings;
    private final String instance;
    /** From the time on, so that the numbers of a run are others than those of the run before. */
    private final AtomicLong lastBeat = new AtomicLong(System.currentTimeMillis());

    private volatile Map<String, SourceHeartbeat> sources = Map.of();

    private Heartbeats(HeartbeatSettings settings, String instance) {
        this.settings = requireNonNull(settings, "settings is null");
        this.instance = requireNonNull(instance, "instance is null");
    }

    /** For the sources of the rules file. */
    public static Heartbeats of(Rules rules, HeartbeatSettings settings, String instance) {
        Heartbeats heartbeats = new Heartbeats(settings, instance);
        heartbeats.use(rules);
        return heartbeats;
    }

    /** Goes by the sources of these rules from now on. */
    public void use(Rules rules) {
        Map<String, SourceHeartbeat> next = new LinkedHashMap<>();
        rules.sources().forEach((name, source) -> {
            if (source.coherence() == Coherence.GTID) {
                next.put(name, new SourceHeartbeat(source, settings, instance));
            }
        });
        sources = next;
    }

    /** Commits a heartbeat on the primary of one source that has positions, and returns what it has executed after. */
    public SourcePosition beat(String source) throws HeartbeatException {
        return beat(source, FIRST_ROW, nextBeat()).executed();
    }

    /** Commits a heartbeat on each primary, one after the other, and returns what each has executed after that. */
    public Map<String, SourcePosition> beatAll() throws HeartbeatException {
        Map<String, SourcePosition> positions = new LinkedHashMap<>();
        for (Map.Entry<String, SourceHeartbeat> source : sources.entrySet()) {
            positions.put(
                    source.getKey(),
                    source.getValue().beat(FIRST_ROW, nextBeat()).executed());
        }
        return positions;
    }

    /** Names of the sources. */
    public Set<String> sources() {
        return sources.keySet();
    }

    /** A number that no beat before had. */
    long nextBeat() {
        return lastBeat.incrementAndGet();
    }

    /** Commits these rows on the primary of one source and returns what it says after that. */
    PrimaryState beat(String source, Collection<Integer> ids, long beat) throws HeartbeatException {
        SourceHeartbeat heartbeat = sources.get(source);
        if (heartbeat == null) {
            throw new HeartbeatException("the rules have no source " + source + " with coherence: gtid any more");
        }
        return heartbeat.beat(ids, beat);
    }
}
