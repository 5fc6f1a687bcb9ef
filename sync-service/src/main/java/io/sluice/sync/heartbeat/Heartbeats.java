package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Rules;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Heartbeats on every source that has positions ({@code coherence: gtid}). Safe for use by many threads; whoever asks
 * waits. Invariant: either every such source has a position, or there is an error: a floor that lacks a source would
 * let a new holder keep what it must not.
 */
public final class Heartbeats {
    private final Map<String, SourceHeartbeat> sources;

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
            positions.put(source.getKey(), source.getValue().beat());
        }
        return positions;
    }
}
