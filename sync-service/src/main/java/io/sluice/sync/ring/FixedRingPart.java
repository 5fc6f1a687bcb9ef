package io.sluice.sync.ring;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.sync.dispatch.Dispatcher;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The part in a cluster with a fixed list of members: nothing changes and nobody is gone. Thread-safe. */
public final class FixedRingPart implements RingPart {
    private final Membership membership;
    private volatile @Nullable Dispatcher dispatcher;

    public FixedRingPart(Membership membership) {
        this.membership = requireNonNull(membership, "membership is null");
    }

    @Override
    public void join(Dispatcher to) {
        to.adopt(membership.topology());
        dispatcher = to;
    }

    @Override
    public long incarnation() {
        return 1;
    }

    @Override
    public boolean leased() {
        return dispatcher != null;
    }

    @Override
    public long revision() {
        return membership.topology().revision();
    }

    @Override
    public void look() {}

    @Override
    public boolean hasLookedSince(long nanoTime) {
        return true;
    }

    /** The list is the only source. */
    @Override
    public boolean heardOfNewer() {
        return false;
    }

    @Override
    public boolean isPresent(Member member) {
        return true;
    }

    @Override
    public boolean isGone(Member member) {
        return false;
    }

    @Override
    public Duration departure() {
        return Duration.ZERO;
    }

    @Override
    public boolean adoptedAllSince(long nanoTime) {
        return dispatcher != null;
    }

    @Override
    public void close() {}
}
