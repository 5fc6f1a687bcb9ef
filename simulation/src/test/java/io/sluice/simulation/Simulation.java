package io.sluice.simulation;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.RingChanges;
import io.sluice.cluster.SimEtcd;
import io.sluice.cluster.SimParts;
import io.sluice.cluster.SimWorld;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import io.sluice.store.CacheStore;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The parties of one simulated run, what they do by themselves, and what one seed does to them. */
final class Simulation {
    static final String SOURCE = "app";
    static final String GROUP = "item";
    static final int MOST_READS = 200;
    static final EtcdSettings SETTINGS =
            EtcdSettings.of(List.of("sim:1"), "sim").withLeaseTtl(Duration.ofSeconds(1));
    static final Rules RULES = Rules.parse("rules.yaml", """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://127.0.0.1:3306/app", username: u, password: p, coherence: gtid }
            groups:
              item: { source: app, key: "{id}", load: "SELECT v FROM items WHERE id = :id", ttl: 10m, negative-ttl: 5s }
            invalidate:
              - table: app.items
                keys:
                  - { group: item, key: "{id}" }
            """, Map.of());
    private static final Source PRIMARY = Objects.requireNonNull(RULES.sources().get(SOURCE));
    private static final Source REPLICATED = new Source(
            SOURCE,
            PRIMARY.jdbcUrl(),
            PRIMARY.username(),
            PRIMARY.password(),
            PRIMARY.coherence(),
            "jdbc:mysql://127.0.0.1:3307/app",
            null);
    /** Of all runs: nobody reads them. */
    static final SyncMetrics METRICS = new SyncMetrics(new PrometheusRegistry());

    private static final long SECOND = 1_000 * SimWorld.MILLIS;

    private static final int MAX_NODES = 4;
    private static final int EVENTS_REMEMBERED = 60;

    final SimWorld world;
    final SimEtcd etcd;
    final SimKafka kafka;
    final SimDatabase database;
    final RingChanges changes;
    private final Setting setting;

    /** How often a step of a load takes long. */
    final double slowness;

    /** As declared: with replicas that are read, or without. */
    final Source source;
    /** For how stale answers a node without a lease goes on; zero in runs that hold to the strict promise. */
    final Duration unleasedStaleness;

    /** Whether loads go to the replica as well. */
    final boolean readsReplica;
    /** Whether there are transactions in two phases. */
    final boolean hasXa;

    final List<Invariant> invariants;
    final Failovers failovers;
    private final TreeMap<String, SimNode> nodes = new TreeMap<>();
    private final TreeMap<String, SimSync> syncs = new TreeMap<>();
    private final Deque<String> events = new ArrayDeque<>();
    private final Faults faults;
    final Losses losses = new Losses();
    final Traffic traffic;

    Simulation(long seed, Setting setting) {
        world = new SimWorld(seed);
        etcd = new SimEtcd(world);
        kafka = new SimKafka(world, RULES);
        database = new SimDatabase(world, kafka::publish);
        Duration warmUp = Duration.ofMillis(world.chance(0.5) ? 600 : 50);
        changes = new RingChanges(true, Duration.ofMillis(100), warmUp);
        slowness = world.chance(0.5) ? 0.02 : 0.15;
        this.setting = setting;
        Bias bias = setting.bias();
        faults = new Faults(this, bias);
        failovers = new Failovers(this, bias);
        traffic = new Traffic(this, bias);
        readsReplica = world.chance(0.3) || bias.has(Bias.Trait.READS_REPLICA);
        source = readsReplica ? REPLICATED : PRIMARY;
        unleasedStaleness = setting.isWhole() && world.chance(0.5) ? Duration.ofMillis(600) : Duration.ZERO;
        hasXa = world.chance(0.1) || bias.has(Bias.Trait.XA);
        world.duplicates = bias.has(Bias.Trait.DUPLICATES) ? 0.2 : 0.01;
        database.slowToShow = bias.has(Bias.Trait.EARLY_EVENTS) ? 0.4 : 0.12;
        List<Invariant> all = List.of(
                new NoStaleAnswer(this),
                new ReadYourWrites(),
                new HonestBound(this),
                new OffsetsNeverPassUndone(this),
                new BoundedMemory(this));
        invariants = all.stream().filter(setting::judges).toList();
        kafka.observe((partition, from, to, by) -> {
            for (Invariant invariant : invariants) {
                invariant.committed(partition, from, to);
            }
            for (long offset = from; offset < to; offset++) {
                Transaction transaction = kafka.record(partition, offset).transaction();
                transaction.done = true;
                losses.committed(transaction, by.name);
            }
        });
    }

    boolean has(Protection protection) {
        return setting.has(protection);
    }

    /** A store for a node, without what this run is without. */
    CacheStore store(CacheStore whole, LongSupplier nanoClock) {
        return setting.without().stream().anyMatch(SwitchedStore.PARTS::contains)
                ? new SwitchedStore(whole, this, nanoClock)
                : whole;
    }

    SimParts.Blindness blindness() {
        return new SimParts.Blindness(
                !has(Protection.ANNOUNCED_BEFORE_ACTIVE),
                !has(Protection.CLOSING_CONFIRMED),
                !has(Protection.DEPARTED_WAITED_OUT));
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

    /** Answers given, those from memory, and a number that only an equal run has. */
    record Outcome(int answered, int fromMemory, long trace) {}

    Outcome run() {
        try {
            return play();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(e.getMessage() + "\n  " + String.join("\n  ", events), e);
        }
    }

    private Outcome play() {
        startSync("s1");
        startSync("s2");
        for (int i = 1; i <= 3; i++) {
            startNode("n" + i);
        }
        everyMillis(4, 18, traffic::readSomething);
        everyMillis(15, 60, traffic::writeSomething);
        everyMillis(50, 150, kafka::expel);
        everyMillis(400, 2_000, this::rebalance);
        runUntil(world.now() + SECOND);
        everyMillis(50, 400, faults::strike);
        runUntil(world.now() + (setting.equals(Setting.WHOLE) ? 3 : 5) * SECOND);
        world.calm = true;
        EventuallyCurrent eventually = new EventuallyCurrent(this);
        if (setting.judges(eventually)) {
            settle(eventually);
        }
        return new Outcome(traffic.answered(), traffic.fromMemory(), world.trace());
    }

    private void runUntil(long nanos) {
        while (world.now() < nanos) {
            world.runUntil(Math.min(nanos, world.now() + 50 * SimWorld.MILLIS));
            invariants.forEach(Invariant::stepped);
        }
    }

    private void settle(EventuallyCurrent eventually) {
        long deadline = world.now() + 90 * SECOND;
        while (world.now() < deadline && !eventually.reached()) {
            runUntil(world.now() + SECOND / 2);
        }
        if (!eventually.reached()) {
            syncs.values().forEach(sync -> note(sync.state()));
            nodes.values().forEach(node -> note(node.state()));
        }
        eventually.require();
    }

    private void everyMillis(long least, long most, Runnable task) {
        int slower = world.calm ? 3 : 1;
        world.in(slower * world.between(least, most), () -> {
            task.run();
            everyMillis(least, most, task);
        });
    }

    void leave(SimNode leaving) {
        leave(leaving, 300, 2_000);
    }

    /** A node leaves, and ends between so many milliseconds later. */
    void leave(SimNode leaving, long leastMillis, long mostMillis) {
        note(leaving + " leaves");
        leaving.leave();
        world.in(world.between(leastMillis, mostMillis), () -> {
            if (nodes.get(leaving.name) == leaving) {
                nodes.remove(leaving.name);
                leaving.kill();
                if (nodes.isEmpty()) {
                    startNode("n6");
                }
            }
        });
    }

    void note(String event) {
        if (events.size() == EVENTS_REMEMBERED) {
            events.removeFirst();
        }
        events.addLast(world.now() / SimWorld.MILLIS + " ms: " + event);
    }

    /** Whether something has happened that no bound tells of. */
    boolean boundsAreInDoubt() {
        return hasXa || failovers.wasRead();
    }

    private void rebalance() {
        if (world.chance(world.calm ? 0.1 : 0.5) && (world.calm || !faults.keepPartitions())) {
            kafka.assign();
        }
    }

    void startNode(String name) {
        if (!nodes.containsKey(name) && nodes.size() < MAX_NODES) {
            note(name + " starts");
            nodes.put(name, new SimNode(this, name));
        }
    }

    void killNode() {
        if (nodes.size() > 1) {
            SimNode victim = world.any(nodes.values());
            note(victim + " is killed");
            victim.kill();
            nodes.remove(victim.name);
        }
    }

    /** In good order, so that nobody waits for its lease; returns the next life. */
    SimNode restart(SimNode node) {
        note(node + " is restarted");
        SimParts.strike(etcd, node.name);
        node.kill();
        SimNode next = new SimNode(this, node.name);
        nodes.put(node.name, next);
        return next;
    }

    private void startSync(String name) {
        losses.restarted(name);
        syncs.put(name, new SimSync(this, name));
    }

    void restartSync() {
        SimSync victim = world.any(syncs.values());
        note(victim.name + " is restarted");
        victim.kill();
        startSync(victim.name);
    }
}
