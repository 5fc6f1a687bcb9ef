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
 * let a new holder keep what it must not.
 */
public final class Heartbeats {
    private static final List<Integer> FIRST_ROW = List.of(0);

    private final Map<String, SourceHeartbeat> sources;
    /** From the time on, so that the numbers of a run are others than those of the run before. */
    private final AtomicLong lastBeat = new AtomicLong(System.currentTimeMillis());

    private Heartbeats(Map<String, SourceHeartbeat> sources) {
        this.sources = sources;
    }

    /** For the sources of the rules file. */
    public static Heartbeats of(Rules rules, HeartbeatSettings settings, String instance) {
        requireNonNull(settings, "settings is null");
        Map<String, SourceHeartbeat> sources = new LinkedHashMap<>();
        rules.sources().forEach((name, source) -> {
            if (source.coherence() == Coherence.GTID) {
                sources.put(name, new SourceHeartbeat(source, settings, instance));
            }
        });
        return new Heartbeats(sources);
    }

    /** Commits a heartbeat on each primary, one after the other, and returns what each has executed after that. */
    public Map<String, SourcePosition> beatAll() throws HeartbeatException {
        Map<String, SourcePosition> positions = new LinkedHashMap<>();
        for (Map.Entry<String, SourceHeartbeat> source : sources.entrySet()) {
            positions.put(source.getKey(), source.getValue().beat(FIRST_ROW, nextBeat()));
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

    /** Commits these rows on the primary of one source and returns what it has executed after that. */
    SourcePosition beat(String source, Collection<Integer> ids, long beat) throws HeartbeatException {
        return requireNonNull(sources.get(source), "no such source").beat(ids, beat);
    }
}
