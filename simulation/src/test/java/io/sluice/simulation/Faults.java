package io.sluice.simulation;

import io.sluice.cluster.SimParts;
import io.sluice.cluster.SimProcess;
import io.sluice.cluster.SimWorld;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Does to the parties of a simulation what one seed says. */
final class Faults {
    private static final Set<Fault> RARE = EnumSet.of(Fault.FAILOVER, Fault.FAILOVER_IN_SILENCE, Fault.RETENTION);

    private final Simulation simulation;
    private final SimWorld world;
    private final Bias bias;
    private final Compounds compounds;
    private final LeftBehind leftBehind;

    Faults(Simulation simulation, Bias bias) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.bias = bias;
        this.compounds = new Compounds(simulation);
        this.leftBehind = new LeftBehind(simulation);
    }

    /** One fault; none any more once the world is calm. */
    void strike() {
        if (world.calm || compounds.underWay() || leftBehind.underWay()) {
            return;
        }
        boolean favour = !bias.favoured().isEmpty() && world.chance(0.6);
        List<Fault> from = favour ? bias.favoured() : Fault.BY_CHANCE;
        Fault fault = world.any(from);
        // Rare ones are rare, unless favoured.
        if (favour || !RARE.contains(fault) || world.chance(0.2)) {
            strike(fault);
        }
    }

    /** Whether partitions stay where they are, for the sake of a fault. */
    boolean keepPartitions() {
        return leftBehind.underWay();
    }

    private void strike(Fault fault) {
        switch (fault) {
            case NODE_STARTS -> simulation.startNode(anyName());
            case NODE_IS_KILLED -> simulation.killNode();
            case NODE_IS_REPLACED -> {
                simulation.killNode();
                simulation.startNode(anyName());
            }
            case NODE_LEAVES -> {
                if (simulation.nodes().size() > 2) {
                    simulation.leave(world.any(simulation.nodes()));
                }
            }
            case SYNC_RESTARTS -> simulation.restartSync();
            case REBALANCE -> simulation.kafka.assign();
            case CUT_FROM_ETCD -> cutFromEtcd(anyProcess());
            case CUT_SYNC_FROM_ETCD -> cutFromEtcd(world.any(simulation.syncs()));
            case CUT_FROM_PEERS -> {
                SimProcess cut = anyProcess();
                simulation.note(cut.name + " is cut off from its peers");
                cut.cutFromPeers(world.between(100, 2_000));
            }
            case FREEZE -> {
                SimProcess frozen = anyProcess();
                simulation.note(frozen.name + " is frozen");
                frozen.freeze(world.between(100, 2_500));
            }
            case SUSPEND -> {
                SimProcess suspended = anyProcess();
                simulation.note(suspended.name + " is suspended");
                suspended.suspend(world.between(100, 2_500));
            }
            case ETCD_DOWN -> {
                simulation.note("etcd is down");
                simulation.etcd.goDown(world.between(50, 2_500));
            }
            case WATCHES_BREAK -> {
                simulation.etcd.compact();
                simulation.etcd.breakWatches();
            }
            case WATCHES_GO_DEAF -> simulation.etcd.deafenWatches();
            case KEY_IS_STRUCK -> strikeKey();
            case REPLICA_LAGS -> simulation.database.lag(world.between(100, 2_000));
            case RETENTION -> {
                simulation.note("retention overtakes who is behind");
                simulation.kafka.expire(world.chance(0.7) ? 1 : 0.9);
            }
            case FAILOVER -> simulation.failovers.failOver();
            case FAILOVER_IN_SILENCE -> simulation.failovers.failOverInSilence();
            case RETURNS_UNSEEN -> compounds.returnUnseen();
            case STARTS_UNHEARD -> compounds.startUnheard();
            case PASSES_THROUGH -> compounds.passThrough();
            case SYNC_IS_LEFT_BEHIND -> leftBehind.strike(false);
            case SYNC_KNOWS_PREDECESSOR -> leftBehind.strike(true);
        }
    }

    private String anyName() {
        return "n" + (1 + world.random.nextInt(5));
    }

    private void cutFromEtcd(SimProcess process) {
        simulation.note(process.name + " is cut off from etcd");
        process.cutFromEtcd(world.between(100, 4_000));
    }

    private void strikeKey() {
        String struck = SimParts.strike(simulation.etcd, world);
        simulation.note("the key of " + struck + " is gone");
        SimNode node = struck == null ? null : simulation.node(struck);
        if (node != null && world.chance(0.5)) {
            // That is why it was struck: it seemed to hang.
            cutFromEtcd(node);
        }
    }

    private SimProcess anyProcess() {
        List<SimProcess> all = new ArrayList<>(simulation.nodes());
        all.addAll(simulation.syncs());
        return world.any(all);
    }
}
