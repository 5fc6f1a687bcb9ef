package io.sluice.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A simulated node: the production participant and membership, and the shortest store and read path that follow the
 * rules. An entry is the position it was loaded at.
 */
final class SimNode extends SimProcess implements NodeParticipant.Callbacks {
    final Member self;
    final EtcdMembership membership;
    final NodeParticipant participant;
    private final SimPipeline pipeline;
    private final SimCluster cluster;
    private final Set<Protection> protections;
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
        entries.values().removeIf(stamp -> stamp < floor);
        if (protections.contains(Protection.DROP_ON_CLOSING)) {
            entries.keySet().removeIf(key -> !mayHold(key));
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
        Long stamp = entries.get(key);
        if (stamp != null && leased() && mayHold(key)) {
            cluster.invariants.forEach(invariant -> invariant.answeredFromMemory(this, key, stamp));
            answered.accept(this);
            return;
        }
        Member owner = adopted.owner(pipeline.hash(key));
        SimNode next = owner == null || hops > 0 ? null : cluster.node(owner.name());
        if (next != null && next != this) {
            boolean[] done = new boolean[1];
            Consumer<SimNode> once = by -> {
                if (!done[0]) {
                    done[0] = true;
                    answered.accept(by);
                }
            };
            send(next, () -> next.read(key, hops + 1, by -> next.send(this, () -> once.accept(by))));
            // Nobody answers: read through.
            world.in(
                    200 * SimWorld.MILLIS,
                    () -> run(() -> {
                        if (!done[0]) {
                            load(key, once);
                        }
                    }));
        } else if (!peek(key)) {
            load(key, answered);
        } else {
            answered.accept(this);
        }
    }

    /** Takes the entry of a previous holder, if it has one that the fence admits. */
    private boolean peek(int key) {
        for (Member before : adopted.previousHolders(pipeline.hash(key))) {
            SimNode other = cluster.node(before.name());
            if (other != null && other != this && reachesPeers() && other.reachesPeers() && !other.frozen()) {
                Long stamp = other.entries.get(key);
                if (stamp != null && other.leased() && other.mayHold(key)) {
                    store(key, stamp);
                    return true;
                }
            }
        }
        return false;
    }

    /** The position first, then the row, and some time later the value is here. */
    private void load(int key, Consumer<SimNode> answered) {
        long stamp = pipeline.position();
        world.in(
                world.between(1, world.chance(0.1) ? 3_000 : 20),
                () -> run(() -> {
                    store(key, stamp);
                    answered.accept(this);
                }));
    }

    private void store(int key, long stamp) {
        if (leased() && mayHold(key) && stamp >= floor && stamp >= fence.getOrDefault(key, 0L)) {
            entries.put(key, stamp);
            cluster.invariants.forEach(invariant -> invariant.stored(this, key));
        }
    }

    private boolean leased() {
        return !protections.contains(Protection.SELF_FENCE) || participant.leased();
    }

    private boolean mayHold(int key) {
        long hash = pipeline.hash(key);
        if (protections.contains(Protection.HOLD_AS_INCARNATION)) {
            return incarnation != 0 && adopted.mayHold(name, incarnation, hash);
        }
        return adopted.holders(hash).stream().anyMatch(holder -> holder.name().equals(name));
    }

    Member asMember() {
        return self.withIncarnation(incarnation);
    }
}
