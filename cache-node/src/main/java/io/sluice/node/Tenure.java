package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.node.read.Holdings;
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

    /** @param first the topology to go by until one is adopted */
    Tenure(String self, Topology first) {
        this.self = requireNonNull(self, "self is null");
        this.topology = requireNonNull(first, "first is null");
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public boolean mayHold(Topology by, long hash) {
        return isCountedOn() && by.mayHold(self, incarnation, hash);
    }

    @Override
    public boolean isSelf(Member member) {
        return member.incarnation() == incarnation && member.name().equals(self);
    }

    /** As {@link #mayHold}, whether or not the others count on this node at the moment: what is there may stay. */
    boolean mayRetain(Topology by, long hash) {
        return by.mayHold(self, incarnation, hash);
    }

    @Override
    public boolean isCountedOn() {
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
     * counting on it without its knowing.
     */
    void fenceBy(BooleanSupplier leaseStands) {
        leased = leaseStands;
    }
}
