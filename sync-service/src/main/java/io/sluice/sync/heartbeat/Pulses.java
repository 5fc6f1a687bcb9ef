package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pulse of every source with positions that there was at the start. Safe for use by many threads. */
public final class Pulses implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Pulses.class);

    private final String instance;
    private final Heartbeats heartbeats;
    private final Duration interval;
    private final Set<String> sources;
    private final Map<String, Pulse> bySource = new ConcurrentHashMap<>();

    /** None beats yet. */
    public Pulses(String instance, Heartbeats heartbeats, Duration interval) {
        this.instance = requireNonNull(instance, "instance is null");
        this.heartbeats = requireNonNull(heartbeats, "heartbeats is null");
        this.interval = requireNonNull(interval, "interval is null");
        this.sources = Set.copyOf(heartbeats.sources());
    }

    /**
     * Starts beating.
     *
     * @param partitions those of a source that this instance consumes at the moment
     */
    public void start(Function<String, Collection<Partition>> partitions, BeatListener listener) {
        for (String source : sources) {
            Pulse pulse = new Pulse(source, instance, heartbeats, () -> partitions.apply(source), interval, listener);
            bySource.put(source, pulse);
            pulse.start();
        }
    }

    /** What is known of the heartbeats of a source; null when it has no pulse. */
    public @Nullable Echoes of(String source) {
        return bySource.get(source);
    }

    /** The rules have these sources with positions from now on. */
    public void sourcesAre(Set<String> now) {
        if (!sources.equals(now)) {
            log.warn(
                    "The sources with positions are {} by the new rules and were {} when this process started: nodes are"
                            + " told applied positions of the latter only. Restart the sync service",
                    now,
                    sources);
        }
    }

    @Override
    public void close() {
        bySource.values().forEach(Pulse::close);
    }
}
