package io.sluice.cluster;

import io.sluice.coherence.SourcePosition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A simulated sync instance: the production participant, and the rule of when a Remove is done and may be committed.
 */
final class SimSync extends SimProcess implements SyncParticipant.Callbacks {
    private static final long STEP = 20 * SimWorld.MILLIS;

    final EtcdMembership membership;
    final SyncParticipant participant;
    private final SimCluster cluster;
    private final SimPipeline pipeline;
    private final Set<Protection> protections;
    private Topology adopted = Topology.none(2);
    private boolean registered;
    private boolean consuming;
    private int offset;
    private @Nullable Removal removal;

    SimSync(SimCluster cluster, String name) {
        super(cluster.world, name);
        this.cluster = cluster;
        this.pipeline = cluster.pipeline;
        this.protections = cluster.protections;
        this.membership =
                new EtcdMembership(cluster.etcd.connect(this), SimCluster.SETTINGS, 2, SimCluster.PLACES, loop(0));
        Loop adopting = loop(world.chance(0.1) ? 1_000 : 5);
        Loop reading = loop(world.chance(0.1) ? 5_000 : 20);
        this.participant = new SyncParticipant(
                cluster.etcd.connect(this),
                loop(0),
                adopting::execute,
                reading::execute,
                SimCluster.SETTINGS,
                name,
                membership,
                this);
        membership.start();
        participant.start();
        world.in(STEP, this::step);
    }

    @Override
    public void registered(long incarnation) {
        registered = false;
        removal = null;
    }

    @Override
    public void lost(String reason) {
        registered = false;
        removal = null;
    }

    @Override
    public void adopt(Topology topology) {
        adopted = topology;
        registered = participant.registered();
    }

    @Override
    public Map<String, SourcePosition> readFloors(long ringId) {
        pipeline.write(world.random.nextInt(SimPipeline.KEYS));
        return Map.of("app", SimPipeline.text(pipeline.position()));
    }

    /**
     * Whether it would commit what it finishes now. With no ring nothing is finished: there is nobody to acknowledge.
     */
    boolean commits() {
        return alive() && !adopted.rings().isEmpty() && registered && participant.leased() && pipeline.isAssigned(this);
    }

    Topology adopted() {
        return adopted;
    }

    private void step() {
        run(() -> {
            if (registered && pipeline.isAssigned(this)) {
                consume();
            } else {
                consuming = false;
            }
        });
        if (alive()) {
            world.in(STEP, this::step);
        }
    }

    private void consume() {
        if (!consuming) {
            consuming = true;
            offset = pipeline.committed();
            removal = null;
        }
        Integer key = pipeline.event(offset);
        if (key == null) {
            return;
        }
        Removal now = removal;
        if (now == null) {
            now = new Removal(key, offset + 1L);
            removal = now;
        }
        List<Member> holders = protections.contains(Protection.DONE_BY_ALL_RINGS)
                ? adopted.removalHolders(pipeline.hash(key))
                : adopted.holders(pipeline.hash(key));
        boolean done = !adopted.rings().isEmpty();
        for (Member holder : holders) {
            if (!now.acknowledged.contains(holder) && !participant.isGone(holder)) {
                done = false;
                now.send(holder);
            }
        }
        if (done && participant.leased()) {
            pipeline.commit(this, offset);
            offset++;
            removal = null;
        }
    }

    private final class Removal {
        private final int key;
        private final long position;
        private final Set<Member> acknowledged = new HashSet<>();

        Removal(int key, long position) {
            this.key = key;
            this.position = position;
        }

        void send(Member holder) {
            SimNode node = cluster.node(holder.name());
            if (node != null) {
                SimSync.this.send(node, () -> {
                    node.remove(key, position);
                    node.send(SimSync.this, () -> acknowledged.add(holder));
                });
            }
        }
    }
}
