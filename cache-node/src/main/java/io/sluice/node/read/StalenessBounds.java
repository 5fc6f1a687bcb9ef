package io.sluice.node.read;

import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Source;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link StalenessBound} of every source: one for the groups that its change stream removes from, one for those
 * that nothing removes from, which survive everything and are no fresher for it.
 *
 * <p>By the source as it is declared: one whose address is another server's begins anew. Thread-safe; applied positions
 * are told one after the other, by {@link AppliedPositions}, and polls of a source by the thread that polls it.
 */
public final class StalenessBounds {
    private final Map<Key, StalenessBound> bounds = new ConcurrentHashMap<>();

    private record Key(Source source, boolean streamed) {}

    /**
     * The bound of groups of a source; the same object for as long as the source is retained.
     *
     * @param streamed whether Removes come for them
     */
    public StalenessBound of(Source source, boolean streamed) {
        return bounds.computeIfAbsent(
                new Key(source, streamed), added -> new StalenessBound(source.loadsFromPrimary()));
    }

    /** Forgets all other sources. */
    public void retain(Collection<Source> sources) {
        Set<Source> retained = Set.copyOf(sources);
        bounds.keySet().removeIf(key -> !retained.contains(key.source()));
    }

    /** As {@link StalenessBound#polled}. */
    void polled(Source source, SourcePoll poll, long knownNanos) {
        bounds.forEach((key, bound) -> {
            if (key.source().equals(source)) {
                bound.polled(poll, knownNanos);
            }
        });
    }

    /** As {@link StalenessBound#pollFailed}. */
    void pollFailed(Source source) {
        bounds.forEach((key, bound) -> {
            if (key.source().equals(source)) {
                bound.pollFailed();
            }
        });
    }

    /** The change stream of the source was applied, or that was forgotten. */
    void applied(String source, AppliedPosition.Snapshot now) {
        bounds.forEach((key, bound) -> {
            if (key.streamed() && key.source().name().equals(source)) {
                bound.applied(now);
            }
        });
    }
}
