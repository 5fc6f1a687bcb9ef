package io.sluice.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes the production parts of this package for simulated processes, on a simulated etcd. */
public final class SimParts {
    public static final int REPLICATION_FACTOR = 2;
    private static final int PLACES = 4;

    private SimParts() {}

    /** Which of what the coordinator waits for it is blind for. */
    public record Blindness(boolean syncs, boolean nodes, boolean departures) {}

    /** A membership, followed from now on. */
    public static EtcdMembership membership(SimEtcd etcd, SimProcess process, EtcdSettings settings) {
        EtcdMembership membership =
                new EtcdMembership(etcd.connect(process), settings, REPLICATION_FACTOR, PLACES, process.loop(0));
        membership.start();
        return membership;
    }

    /** A node's part, registering from now on. */
    public static NodeParticipant node(
            SimEtcd etcd,
            SimProcess process,
            EtcdSettings settings,
            EtcdMembership membership,
            Member self,
            RingChanges changes,
            Blindness blindness,
            NodeParticipant.Callbacks callbacks) {
        Executor worker = process.worker();
        Loop late = process.loop(process.world.chance(0.1) ? 1_000 : 5);
        NodeParticipant participant = new NodeParticipant(
                etcd.connect(process),
                process.loop(0),
                task -> late.execute(() -> worker.execute(task)),
                settings,
                rule(changes, settings, blindness),
                self,
                membership,
                callbacks);
        participant.start();
        return participant;
    }

    /** A sync instance's part, registering from now on. */
    public static SyncParticipant sync(
            SimEtcd etcd,
            SimProcess process,
            EtcdSettings settings,
            EtcdMembership membership,
            SyncParticipant.Callbacks callbacks) {
        Loop adopting = process.loop(process.world.chance(0.1) ? 1_000 : 5);
        SyncParticipant participant = new SyncParticipant(
                etcd.connect(process),
                process.loop(0),
                adopting::execute,
                process.worker(),
                settings,
                process.name,
                membership,
                callbacks);
        participant.start();
        return participant;
    }

    public static void leave(NodeParticipant participant) {
        participant.beginLeaving();
    }

    public static Topology none() {
        return Topology.none(REPLICATION_FACTOR);
    }

    /**
     * Deletes a participant's key by hand, or ends its lease; the name of whose it was, or null when nobody is there.
     */
    public static @Nullable String strike(SimEtcd etcd, SimWorld world) {
        String prefix = world.chance(0.7) ? ClusterKeys.MEMBERS : ClusterKeys.SYNCS;
        List<EtcdStore.StoredKey> there = etcd.under(prefix);
        if (there.isEmpty()) {
            return null;
        }
        EtcdStore.StoredKey victim = world.any(there);
        if (world.chance(0.5)) {
            etcd.delete(victim.key());
        } else {
            etcd.endLease(victim.lease());
        }
        return victim.key().substring(prefix.length());
    }

    /** Deletes the key of a node by hand. */
    public static void strike(SimEtcd etcd, String node) {
        etcd.delete(ClusterKeys.member(node));
    }

    /** The production decision, with what the coordinator is blind for hidden from it. */
    static Coordinator.Rule rule(RingChanges changes, EtcdSettings settings, Blindness blindness) {
        Duration departure = blindness.departures ? Duration.ZERO : settings.departure();
        RingDecision decision = new RingDecision(changes, departure);
        if (!blindness.syncs && !blindness.nodes) {
            return decision::next;
        }
        return (view, seen, now) -> decision.next(blind(view, blindness), seen, now);
    }

    private static ClusterView blind(ClusterView view, Blindness blindness) {
        Map<String, Confirmation> nodeConfirmations = new HashMap<>(view.nodeConfirmations());
        Map<String, Confirmation> syncConfirmations = new HashMap<>(view.syncConfirmations());
        TopologyDocument document = view.document();
        Set<Long> rings = new HashSet<>();
        if (document != null) {
            document.rings().forEach(ring -> rings.add(ring.id()));
        }
        if (blindness.nodes) {
            view.members()
                    .forEach((name, member) ->
                            nodeConfirmations.put(name, new Confirmation(member.incarnation(), 0, rings)));
        }
        if (blindness.syncs) {
            view.syncs()
                    .forEach((name, incarnation) ->
                            syncConfirmations.put(name, new Confirmation(incarnation, 0, rings)));
        }
        return new ClusterView(
                view.revision(),
                document,
                view.documentRevision(),
                view.coordinator(),
                view.members(),
                view.leaving(),
                view.syncs(),
                nodeConfirmations,
                syncConfirmations,
                view.floors(),
                view.malformed());
    }
}
