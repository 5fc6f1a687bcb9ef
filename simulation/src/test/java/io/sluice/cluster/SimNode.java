package io.sluice.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated node: the production participant and membership, and the shortest store and read path that follow the
 * rules of the real one. An entry is the position it was loaded at.
 *
 * <p>As in the real node the floors of rings keep out loads and copies that are older, and neither what is there nor
 * what is peeked; and what was asked for under one topology is not kept under another.
 */
final class SimNode extends SimProcess implements NodeParticipant.Callbacks {
    final Member self;
    final EtcdMembership membership;
    final NodeParticipant participant;
    private final SimPipeline pipeline;
    private final SimCluster cluster;
    private final Set<Protection> protections;
    private static final long PEEK_NANOS = 10 * SimWorld.MILLIS;
    private static final long FORWARD_NANOS = 200 * SimWorld.MILLIS;

    private final Map<Integer, Long> entries = new HashMap<>();
    private final Map<Integer, Long> fence = new HashMap<>();
    private long floor;
    private long incarnation;
    private Topology adopted = Topology.none(2);

    SimNode(SimCluster cluster, String name, Coordinator.Rule rule) {
        super(cluster.world, name);
        this.cluster = cluster;
        this.pipeline = cluster.pipeline;
        this.protections = cluster.protections;
        this.self = Member.of(name, "h", 1);
        this.membership =
                new EtcdMembership(cluster.etcd.connect(this), SimCluster.SETTINGS, 2, SimCluster.PLACES, loop(0));
        Loop worker = loop(world.chance(0.1) ? 1_000 : 5);
        this.participant = new NodeParticipant(
                cluster.etcd.connect(this),
                loop(0),
                worker::execute,
                SimCluster.SETTINGS,
                rule,
                self,
                membership,
                this);
        membership.start();
        participant.start();
    }

    @Override
    public void registered(Member now) {
        entries.clear();
        incarnation = now.incarnation();
    }

    @Override
    public void lost(String reason) {
        entries.clear();
        incarnation = 0;
    }

    @Override
    public void adopt(Topology topology) {
        if (protections.contains(Protection.FLOORS)) {
            for (RingRecord ring : topology.rings()) {
                ring.floors().values().forEach(position -> floor = Math.max(floor, SimPipeline.number(position)));
            }
        }
        adopted = topology;
        if (protections.contains(Protection.DROP_ON_CLOSING)) {
            entries.keySet().removeIf(key -> !holds(key));
        }
    }

    /** The Remove of one change; the acknowledgement says that nothing older is answered from now on. */
    void remove(int key, long position) {
        fence.merge(key, position, Math::max);
        Long stamp = entries.get(key);
        if (stamp != null && stamp < position) {
            entries.remove(key);
        }
    }

    /** A read by a client, or forwarded by another node. */
    void read(int key, int hops, Consumer<SimNode> answered) {
        cluster.invariants.forEach(invariant -> invariant.read(this, key, hops));
        Long stamp = inMemory(key);
        if (stamp != null) {
            cluster.invariants.forEach(invariant -> invariant.answeredFromMemory(this, key, stamp));
            answered.accept(this);
            return;
        }
        Member owner = adopted.owner(pipeline.hash(key));
        SimNode next = owner == null || hops > 0 ? null : cluster.node(owner.name());
        if (next == null || next == this) {
            peekOrLoad(key, answered);
            return;
        }
        ask(next, FORWARD_NANOS, reply -> next.read(key, hops + 1, reply), answered, () -> load(key, answered));
    }

    /** The entry of a previous holder, if it has one that the fence admits; else a load. */
    private void peekOrLoad(int key, Consumer<SimNode> answered) {
        Topology since = adopted;
        SimNode other = since.previousHolders(pipeline.hash(key)).stream()
                .map(before -> cluster.node(before.name()))
                .filter(node -> node != null && node != this)
                .findFirst()
                .orElse(null);
        if (other == null) {
            load(key, answered);
            return;
        }
        ask(
                other,
                PEEK_NANOS,
                (Consumer<Long> reply) -> reply.accept(other.inMemory(key)),
                stamp -> {
                    if (stamp == null) {
                        load(key, answered);
                    } else {
                        store(key, stamp, since);
                        answered.accept(this);
                    }
                },
                () -> load(key, answered));
    }

    /** Asks another node; what comes first counts, its reply or the end of patience. */
    private <T> void ask(
            SimNode other, long patienceNanos, Consumer<Consumer<T>> question, Consumer<T> then, Runnable otherwise) {
        boolean[] done = new boolean[1];
        Consumer<T> reply = value -> other.send(this, () -> {
            if (!done[0]) {
                done[0] = true;
                then.accept(value);
            }
        });
        send(other, () -> question.accept(reply));
        world.in(
                patienceNanos,
                () -> run(() -> {
                    if (!done[0]) {
                        done[0] = true;
                        otherwise.run();
                    }
                }));
    }

    /** The position first, then the row, and some time later the value is here and goes to the other holders. */
    private void load(int key, Consumer<SimNode> answered) {
        Topology since = adopted;
        long stamp = pipeline.stamp();
        world.in(
                world.between(1, world.chance(0.1) ? 3_000 : 20),
                () -> run(() -> {
                    if (stamp >= floor && store(key, stamp, since)) {
                        adopted.holders(pipeline.hash(key)).forEach(holder -> copyTo(holder, key, stamp));
                    }
                    answered.accept(this);
                }));
    }

    private void copyTo(Member holder, int key, long stamp) {
        SimNode replica = cluster.node(holder.name());
        if (replica != null && replica != this) {
            send(replica, () -> {
                if (stamp >= replica.floor) {
                    replica.store(key, stamp, replica.adopted);
                }
            });
        }
    }

    private boolean store(int key, long stamp, Topology since) {
        boolean admitted = since == adopted && mayHold(key) && stamp >= fence.getOrDefault(key, 0L);
        if (admitted) {
            entries.put(key, stamp);
            cluster.invariants.forEach(invariant -> invariant.stored(this, key));
        }
        return admitted;
    }

    private @Nullable Long inMemory(int key) {
        Long stamp = entries.get(key);
        return stamp != null && mayHold(key) ? stamp : null;
    }

    private boolean mayHold(int key) {
        boolean leased = !protections.contains(Protection.SELF_FENCE) || participant.leased();
        return leased && holds(key);
    }

    private boolean holds(int key) {
        long hash = pipeline.hash(key);
        if (protections.contains(Protection.HOLD_AS_INCARNATION)) {
            return incarnation != 0 && adopted.mayHold(name, incarnation, hash);
        }
        return adopted.isHolder(name, hash);
    }

    Member asMember() {
        return self.withIncarnation(incarnation);
    }
}
