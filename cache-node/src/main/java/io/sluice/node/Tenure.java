package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Holdings;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What this node, as the incarnation that it is, may hold: by the topology that it has adopted, while the others count
 * on it.
 *
 * <p>Thread-safe; each question reads what stands at that moment. Written by {@link Presence} alone.
 */
final class Tenure implements Holdings {
    private final String self;
    private volatile Topology topology;
    private volatile long incarnation;
    private volatile boolean counted;
    private volatile BooleanSupplier leased = () -> true;
    private final long unleasedStalenessNanos;
    private final Clocks clock;

    /**
     * @param first the topology to go by until one is adopted
     * @param unleasedStaleness the bound within which it answers from memory without a lease; zero for never
     */
    Tenure(String self, Topology first, Duration unleasedStaleness, Clocks clock) {
        this.self = requireNonNull(self, "self is null");
        this.unleasedStalenessNanos = unleasedStaleness.toNanos();
        this.clock = requireNonNull(clock, "clock is null");
        this.topology = requireNonNull(first, "first is null");
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public boolean mayHold(Topology by, CacheGroup group, long hash) {
        return counted && (leased.getAsBoolean() || knowsItsStaleness(group)) && by.mayHold(self, incarnation, hash);
    }

    /**
     * The bound comes from the source and the sync service alone, who tells nothing more to whom it does not count on:
     * so without etcd everything goes on, and a node that is cut off from both goes quiet.
     */
    private boolean knowsItsStaleness(CacheGroup group) {
        return unleasedStalenessNanos > 0 && group.freshness().isWithin(unleasedStalenessNanos, clock);
    }

    @Override
    public boolean isSelf(Member member) {
        return member.incarnation() == incarnation && member.name().equals(self);
    }

    /**
     * As {@link #mayHold} for any group, whether or not the others count on this node at the moment: what is there may
     * stay.
     */
    boolean mayRetain(Topology by, long hash) {
        return by.mayHold(self, incarnation, hash);
    }

    @Override
    public boolean isLeased() {
        return counted && leased.getAsBoolean();
    }

    long incarnation() {
        return incarnation;
    }

    /** Whether this incarnation is one of those that everybody routes by. */
    boolean isRouted() {
        var active = topology.activeRing();
        return counted && active != null && active.has(self, incarnation);
    }

    void adopt(Topology next) {
        topology = next;
    }

    /** Counted on from now on, as this incarnation; {@code 0} where lives are not counted. */
    void begin(long newIncarnation) {
        incarnation = newIncarnation;
        counted = true;
    }

    void end() {
        counted = false;
    }

    /**
     * Self-fence: this node trusts its memory only while its lease is sure to stand, since others may have stopped
     * counting on it without its knowing; or while it knows that its memory is not staler than is allowed then.
     */
    void fenceBy(BooleanSupplier leaseStands) {
        leased = leaseStands;
    }
}
