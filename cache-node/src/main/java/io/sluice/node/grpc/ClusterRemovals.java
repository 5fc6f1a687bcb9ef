package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.node.Failures;
import io.sluice.node.peer.GrpcPeers;
import io.sluice.node.read.CacheGroup;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Removals that an application asks for: has every holder forget, and answers when all have. Thread-safe; blocks.
 *
 * <p>Rings that drain or close still name holders that have died. Those that are gone for good, as the sync service
 * judges it too, are not asked; until then the removal fails.
 *
 * <p>Holders that appear while it works are asked as well: afterwards the source of members is asked, and when the
 * topology is another by then, so are its holders. It does not do to look at what this node knows:
 *
 * <pre>
 *    a ring becomes active, and n3 holds the key; n3 loads the old row
 * 1: resolves the holders by the topology before, which is the latest that this node has heard of
 * 1: all of them acknowledge: done, and n3 answers with the old value
 * </pre>
 */
public final class ClusterRemovals {
    private static final int MAX_ROUNDS = 3;

    private final String self;
    private final Membership membership;
    private final GrpcPeers peers;
    private final LocalRemovals local;
    private final Predicate<Member> gone;
    private final LatestTopology latest;

    /** @param gone whether a life of a node answers nobody from memory any more, so that nobody needs to ask it */
    public ClusterRemovals(
            String self, Membership membership, GrpcPeers peers, LocalRemovals local, Predicate<Member> gone) {
        this.self = requireNonNull(self, "self is null");
        this.membership = requireNonNull(membership, "membership is null");
        this.peers = requireNonNull(peers, "peers is null");
        this.local = requireNonNull(local, "local is null");
        this.gone = requireNonNull(gone, "gone is null");
        this.latest = new LatestTopology(membership);
    }

    /**
     * Has every holder of the keys forget them, and every node what carries the tags; returns how many acknowledged,
     * over all keys and tags.
     */
    int remove(CacheGroup group, List<String> keys, List<String> tags, Position position, Deadline deadline) {
        return untilStable(
                deadline,
                topology -> {
                    Map<Member, List<Removal>> byHolder = new LinkedHashMap<>();
                    for (String key : keys) {
                        Removal removal = removal(group, RemovalScope.REMOVAL_SCOPE_KEY, key);
                        for (Member holder :
                                topology.removalHolders(group.storeKey(key).hash())) {
                            byHolder.computeIfAbsent(holder, member -> new ArrayList<>())
                                    .add(removal);
                        }
                    }
                    for (String tag : tags) {
                        Removal removal = removal(group, RemovalScope.REMOVAL_SCOPE_TAG, tag);
                        for (Member member : topology.members()) {
                            byHolder.computeIfAbsent(member, holder -> new ArrayList<>())
                                    .add(removal);
                        }
                    }
                    return byHolder;
                },
                position);
    }

    /** Has every node forget the group; returns how many acknowledged. */
    int removeGroup(CacheGroup group, Position position, Deadline deadline) {
        Removal removal = removal(group, RemovalScope.REMOVAL_SCOPE_GROUP, "");
        return untilStable(
                deadline,
                topology -> {
                    Map<Member, List<Removal>> byHolder = new LinkedHashMap<>();
                    topology.members().forEach(member -> byHolder.put(member, List.of(removal)));
                    return byHolder;
                },
                position);
    }

    private static Removal removal(CacheGroup group, RemovalScope scope, String key) {
        return Removal.newBuilder()
                .setGroup(group.name())
                .setScope(scope)
                .setKey(key)
                .build();
    }

    private interface Plan {
        Map<Member, List<Removal>> by(Topology topology);
    }

    private int untilStable(Deadline deadline, Plan plan, Position position) {
        for (int round = 1; ; round++) {
            Topology topology = membership.topology();
            int acknowledged = remove(plan.by(topology), position, deadline);
            if (latest.get(deadline) == topology) {
                return acknowledged;
            }
            if (round == MAX_ROUNDS) {
                throw Failures.unavailable("The cluster changed " + MAX_ROUNDS
                        + " times during this removal, so not every holder is known to have acknowledged: try again");
            }
        }
    }

    private int remove(Map<Member, List<Removal>> byHolder, Position position, Deadline deadline) {
        byHolder.keySet().removeIf(gone);
        ConcurrentLinkedQueue<String> silent = new ConcurrentLinkedQueue<>();
        Parallel.forEach(List.copyOf(byHolder.entrySet()), part -> {
            PeerRemoveRequest.Builder batch =
                    PeerRemoveRequest.newBuilder().addPositions(position).addAllRemovals(part.getValue());
            String reason = reasonNotAcknowledged(part.getKey(), batch, deadline);
            if (!reason.isEmpty()) {
                silent.add(part.getKey().name() + " (" + reason + ")");
            }
        });
        if (!silent.isEmpty()) {
            throw Failures.unavailable("Not acknowledged by " + String.join(", ", silent)
                    + ", which may still answer with the old value: try again, removals may be repeated");
        }
        return byHolder.values().stream().mapToInt(List::size).sum();
    }

    /** Empty when the holder has acknowledged. */
    private String reasonNotAcknowledged(Member holder, PeerRemoveRequest.Builder batch, Deadline deadline) {
        try {
            if (holder.name().equals(self)) {
                local.applyAndWait(batch, deadline);
                return "";
            }
            Duration remaining = Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
            return peers.remove(holder, batch, remaining).isPresent() ? "" : "unreachable";
        } catch (RuntimeException e) {
            return String.valueOf(PendingReads.status(e).getDescription());
        }
    }
}
