package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.function.Consumer;

/**
 * A fixed list of members, without etcd. Thread-safe.
 *
 * <p>Every process must be given the same names: the ring places members by name. A member that is down stays a member.
 */
public final class StaticMembership implements Membership {
    private static final long REVISION = 1;

    private final Topology topology;

    public StaticMembership(Collection<Member> members, int replicationFactor) {
        this.topology = Topology.of(REVISION, requireNonNull(members, "members is null"), replicationFactor);
    }

    /** Members written as {@code name=host:port}. */
    public static StaticMembership parse(Collection<String> members, int replicationFactor) {
        return new StaticMembership(members.stream().map(MemberText::parse).toList(), replicationFactor);
    }

    @Override
    public Topology topology() {
        return topology;
    }

    /** The list is the source. */
    @Override
    public boolean confirmedSince(long nanoTime) {
        return true;
    }

    /** Tells the listener the only topology at once, on the caller's thread: there is never another. */
    @Override
    public Subscription addListener(Consumer<Topology> listener) {
        listener.accept(topology);
        return () -> {};
    }

    @Override
    public void close() {}
}
