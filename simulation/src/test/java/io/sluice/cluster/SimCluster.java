package io.sluice.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parties of one simulated run, and what one seed does to them. */
final class SimCluster {
    static final EtcdSettings SETTINGS =
            EtcdSettings.of(List.of("sim:1"), "sim").withLeaseTtl(Duration.ofSeconds(2));
    static final int PLACES = 4;
    private static final long SECOND = 1_000 * SimWorld.MILLIS;
    private static final int MAX_NODES = 4;

    final SimWorld world;
    final SimEtcd etcd;
    final SimPipeline pipeline;
    final Set<Protection> protections;
    final List<SimInvariant> invariants;
    private final RingChanges changes;
    private Topology written = Topology.none(2);
    private final TreeMap<String, SimNode> nodes = new TreeMap<>();
    private final TreeMap<String, SimSync> syncs = new TreeMap<>();
    private int answered;

    SimCluster(long seed, @Nullable Protection without) {
        world = new SimWorld(seed);
        etcd = new SimEtcd(world);
        pipeline = new SimPipeline(world);
        protections = EnumSet.allOf(Protection.class);
        Duration warmUp = Duration.ofMillis(world.chance(0.5) ? 800 : 50);
        changes = new RingChanges(true, Duration.ofMillis(100), warmUp);
        List<SimInvariant> all = List.of(
                new OneActiveRing(),
                new NoUnseenHolder(this),
                new NoUncountedAnswer(this),
                new NoBoomerang(this),
                new NoStaleHit(this),
                new NoRoutingLoop());
        if (without == null) {
            invariants = all;
        } else {
            protections.remove(without);
            invariants = all.stream().filter(without.keeps::isInstance).toList();
        }
        etcd.observe(stored -> {
            if (stored.key().equals(ClusterKeys.TOPOLOGY)) {
                TopologyDocument document = TopologyJson.decode(stored.value());
                written = Topology.of(stored.modRevision(), document, 2, PLACES, written);
                invariants.forEach(invariant -> invariant.wrote(document));
            }
        });
    }

    /** The topology by the document that stands in etcd at this moment. */
    Topology written() {
        return written;
    }

    @Nullable SimNode node(String name) {
        return nodes.get(name);
    }

    Collection<SimNode> nodes() {
        return nodes.values();
    }

    Collection<SimSync> syncs() {
        return syncs.values();
    }

    /** Answers given, and a number that only an equal run has. */
    record Outcome(int answered, long trace, int revisions) {}

    Outcome run() {
        startSync("s1");
        startSync("s2");
        for (int i = 1; i <= 3; i++) {
            startNode("n" + i);
        }
        everyMillis(20, 40, this::readSomething);
        everyMillis(20, 120, this::writeSomething);
        everyMillis(50, 200, this::rebalance);
        world.runUntil(world.now() + 2 * SECOND);
        everyMillis(100, 1_200, this::fault);
        world.runUntil(world.now() + 7 * SECOND);
        world.calm = true;
        if (protections.size() == Protection.values().length) {
            settle();
        }
        return new Outcome(answered, world.trace(), (int) pipeline.position());
    }

    private void settle() {
        EventuallyActive eventually = new EventuallyActive(this);
        long deadline = world.now() + 120 * SECOND;
        while (world.now() < deadline && !eventually.reached()) {
            world.runUntil(world.now() + SECOND / 2);
        }
        eventually.require();
    }

    private void everyMillis(long least, long most, Runnable task) {
        world.in(world.between(least, most), () -> {
            task.run();
            everyMillis(least, most, task);
        });
    }

    private void writeSomething() {
        if (!world.calm) {
            pipeline.write(world.random.nextInt(SimPipeline.KEYS));
        }
    }

    private void readSomething() {
        if (!nodes.isEmpty()) {
            SimNode node = world.any(nodes.values());
            int key = world.random.nextInt(SimPipeline.KEYS);
            node.run(() -> node.read(key, 0, by -> answered++));
        }
    }

    /** Kafka gives the partition to some living instance, now and then to another one. */
    private void rebalance() {
        boolean orphaned = syncs.values().stream().noneMatch(pipeline::isAssigned);
        if (!syncs.isEmpty() && (orphaned || world.chance(world.calm ? 0.01 : 0.05))) {
            pipeline.assign(world.any(syncs.values()));
        }
    }

    private void fault() {
        if (world.calm) {
            return;
        }
        switch (world.random.nextInt(14)) {
            case 0, 1 -> {
                if (nodes.size() < MAX_NODES) {
                    startNode("n" + (1 + world.random.nextInt(5)));
                }
            }
            case 2 -> killNode();
            case 3 -> {
                killNode();
                startNode("n" + (1 + world.random.nextInt(5)));
            }
            case 4 -> restartSync();
            case 5 -> anyProcess().cutFromEtcd(world.between(100, 6_000));
            case 6 -> anyProcess().cutFromPeers(world.between(100, 3_000));
            case 7 -> anyProcess().freeze(world.between(100, 5_000));
            case 8 -> anyProcess().suspend(world.between(100, 5_000));
            case 9 -> etcd.goDown(world.between(50, 5_000));
            case 10 -> {
                etcd.compact();
                etcd.breakWatches();
            }
            case 11 -> etcd.deafenWatches();
            case 12 -> strike(world.chance(0.7) ? ClusterKeys.MEMBERS : ClusterKeys.SYNCS);
            default -> {
                SimNode leaving = world.any(nodes.values());
                if (nodes.size() > 2) {
                    leaving.run(leaving.participant::beginLeaving);
                    world.in(world.between(500, 3_000), () -> {
                        if (nodes.get(leaving.name) == leaving) {
                            nodes.remove(leaving.name).kill();
                            if (nodes.isEmpty()) {
                                startNode("n6");
                            }
                        }
                    });
                }
            }
        }
    }

    /** An operator deletes a key or revokes a lease by hand. */
    private void strike(String prefix) {
        List<EtcdStore.StoredKey> there = etcd.under(prefix);
        if (!there.isEmpty()) {
            EtcdStore.StoredKey victim = world.any(there);
            SimNode node = nodes.get(victim.key().substring(prefix.length()));
            if (node != null && world.chance(0.5)) {
                // That is why it is struck: it seems to hang.
                node.cutFromEtcd(world.between(100, 3_000));
            }
            if (world.chance(0.5)) {
                etcd.delete(victim.key());
            } else {
                etcd.endLease(victim.lease());
            }
        }
    }

    private void startNode(String name) {
        if (!nodes.containsKey(name)) {
            nodes.put(name, new SimNode(this, name, rule()));
        }
    }

    private void killNode() {
        if (nodes.size() > 1) {
            SimNode victim = world.any(nodes.values());
            victim.kill();
            nodes.remove(victim.name);
        }
    }

    private void startSync(String name) {
        syncs.put(name, new SimSync(this, name));
    }

    private void restartSync() {
        SimSync victim = world.any(syncs.values());
        victim.kill();
        startSync(victim.name);
    }

    private SimProcess anyProcess() {
        List<SimProcess> all = new ArrayList<>(nodes.values());
        all.addAll(syncs.values());
        return world.any(all);
    }

    /** The production decision, with what a missing protection hides from it. */
    private Coordinator.Rule rule() {
        SimParts.Blindness blindness = new SimParts.Blindness(
                !protections.contains(Protection.SYNC_CONFIRMS),
                !protections.contains(Protection.NODES_CONFIRM),
                !protections.contains(Protection.DEPARTED_WAITED_OUT));
        return SimParts.rule(changes, SETTINGS, blindness);
    }
}
