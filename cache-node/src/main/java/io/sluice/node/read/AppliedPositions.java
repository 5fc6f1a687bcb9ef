package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Source;
import io.sluice.node.load.PollListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@link AppliedPosition} of every source, as this node is told by the sync service.
 *
 * <p>What is told by a topology from before the active ring was announced does not count, and what was told before it
 * became active is forgotten with the topology that says so:
 *
 * <ol>
 *   <li>a sync instance loses etcd, not the nodes; the ring changes without it, and B becomes a holder of a key
 *   <li>B loads the row; then it changes. The instance has the holders of before acknowledge, and takes the change for
 *       done, though not for good
 *   <li>it tells B that all up to the change was applied. Lifted by that, the old entry would pass for the row as
 *       changed, until a registered instance has sent B the Remove
 * </ol>
 *
 * <p>Thread-safe; what is told and what is forgotten come one after the other.
 */
public final class AppliedPositions {
    private final Supplier<Moment> clock;
    private final StalenessBounds bounds;
    private final Map<String, AppliedPosition> bySource = new ConcurrentHashMap<>();
    private @Nullable Ring active;
    private long activeSince;

    /** With the members, since ids begin anew when etcd has lost its data. */
    private record Ring(long id, List<Member> members) {}

    /** @param bounds told of every change before a topology that goes with it is gone by */
    public AppliedPositions(Supplier<Moment> clock, StalenessBounds bounds) {
        this.clock = requireNonNull(clock, "clock is null");
        this.bounds = requireNonNull(bounds, "bounds is null");
    }

    /** The position of one source; the same object for ever. */
    public AppliedPosition of(String source) {
        return bySource.computeIfAbsent(source, added -> new AppliedPosition());
    }

    /** What a source's polls are to be told to. */
    public PollListener polls(Source source) {
        return new PollListener() {
            @Override
            public SourcePosition applied() {
                return of(source.name()).now().position();
            }

            @Override
            public void polled(SourcePoll poll, long knownNanos) {
                bounds.polled(source, poll, knownNanos);
            }

            @Override
            public void pollFailed() {
                bounds.pollFailed(source);
            }
        };
    }

    /** The bounds of all sources. */
    public StalenessBounds bounds() {
        return bounds;
    }

    /** To be called before the node goes by the topology. */
    public synchronized void adopt(Topology topology) {
        RingRecord ring = topology.activeRing();
        Ring now = ring == null ? null : new Ring(ring.id(), ring.members());
        if (now == null || !now.equals(active)) {
            active = now;
            // At the latest now it was announced; an earlier revision may not have been seen.
            activeSince = topology.revision();
            forget();
        }
    }

    /** This node begins a new life, or is not sent Removes any more. */
    public synchronized void forget() {
        bySource.keySet().forEach(this::forget);
    }

    /** The history of the source has begun anew: what was applied of the earlier one says nothing. */
    public synchronized void beginAnew(String source) {
        forget(source);
    }

    private void forget(String source) {
        of(source).forget();
        bounds.applied(source, of(source).now());
    }

    /**
     * Takes what the sync service says of one partition, if it counts.
     *
     * @param revision the topology that it was said by
     * @param known names of the sources that there are
     * @throws IllegalArgumentException when there cannot be so many partitions
     */
    public synchronized Outcome told(
            String source,
            AppliedPosition.Partition partition,
            int partitions,
            SourcePosition position,
            SourcePosition phantoms,
            long revision,
            Collection<String> known) {
        if (active == null || revision < activeSince || position.isUnknown() || !known.contains(source)) {
            return Outcome.IGNORED;
        }
        boolean news = of(source).passed(partition, partitions, position, phantoms, clock.get());
        bounds.applied(source, of(source).now());
        return news ? Outcome.PHANTOMS_CHANGED : Outcome.TAKEN;
    }

    /** What became of it. */
    public enum Outcome {
        /** It is of another time or of no source of this node. */
        IGNORED,
        /** It counts. */
        TAKEN,
        /** It counts, and the fences have to be told of the phantoms. */
        PHANTOMS_CHANGED
    }
}
