package io.sluice.simulation;

import io.sluice.cluster.SimWorld;
import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import org.jspecify.annotations.Nullable;

/** What clients write to the simulated database and read from the nodes, and the judgement of each answer. */
final class Traffic {
    /** Of the clocks of a machine that was suspended, which a node does not take for a suspension. */
    private static final long TOLERATED_MILLIS = 500;

    private final Simulation simulation;
    private final SimWorld world;
    private final SimDatabase database;
    private final @Nullable Transaction[] own = new Transaction[SimDatabase.KEYS];
    /** The row that most is about before all is calm; none when that is negative. */
    private final int hot;

    private int answered;
    private int fromMemory;

    Traffic(Simulation simulation, Bias bias) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.database = simulation.database;
        this.hot = bias.has(Bias.Trait.HOT_ROW) ? world.random.nextInt(SimDatabase.KEYS) : -1;
    }

    /** Answers given. */
    int answered() {
        return answered;
    }

    /** Of these, those from memory. */
    int fromMemory() {
        return fromMemory;
    }

    void writeSomething() {
        int key = anyKey();
        if (world.calm || simulation.failovers.isSilent() || database.isPrepared(key)) {
            return;
        }
        if (simulation.hasXa && world.chance(0.1)) {
            simulation.note("XA of key " + key);
            database.xa(key);
            return;
        }
        Transaction.Kind kind = world.chance(0.15) ? Transaction.Kind.DELETION : Transaction.Kind.CHANGE;
        Transaction[] made = new Transaction[1];
        made[0] = database.commit(kind, key, null, () -> {
            own[key] = made[0];
            if (world.chance(0.3)) {
                readSomething(key);
            }
        });
        simulation.note("change " + made[0].sequence + " of key " + key + ", " + made[0].gtid);
        if (world.chance(0.3)) {
            world.in(world.between(0, 40), () -> readSomething(key));
        }
    }

    void readSomething() {
        readSomething(anyKey());
    }

    /** The row that most is about; only in runs that have one. */
    int hotRow() {
        return hot;
    }

    private int anyKey() {
        return hot >= 0 && !world.calm && world.chance(0.95) ? hot : world.random.nextInt(SimDatabase.KEYS);
    }

    private void readSomething(int key) {
        if (simulation.nodes().isEmpty()) {
            return;
        }
        SimNode node = world.any(simulation.nodes());
        Transaction demanded = world.chance(0.3) ? own[key] : null;
        node.run(() -> {
            Transaction settled = database.settled(key);
            Transaction seen = oldestSeen(key);
            long forgotten = simulation.losses.forgotten();
            SourcePosition minPosition = demanded == null ? SourcePosition.UNKNOWN : demanded.gtid;
            node.reads().get(key, minPosition, false, answer -> {
                if (answer != null) {
                    judge(node, key, answer, settled, seen, demanded, forgotten);
                }
            });
        });
    }

    private Transaction oldestSeen(int key) {
        Transaction first = database.primary().rows[key];
        Transaction second = database.replica().rows[key];
        return simulation.failovers.mayReadReplica() && second.sequence < first.sequence ? second : first;
    }

    private void judge(
            SimNode node,
            int key,
            Answer answer,
            Transaction settled,
            Transaction seen,
            @Nullable Transaction demanded,
            long forgotten) {
        answered++;
        long number = answer.getFound() ? SimNode.version(answer.getValue().toByteArray()) : 0;
        Transaction version = database.version(key, answer.getFound(), number);
        Judgement judgement = new Judgement(
                node.toString() + " (by " + answer.getInfo().getServedBy() + ")",
                key,
                answer.getInfo().getServedFrom(),
                version,
                settled,
                seen,
                demanded,
                answer.getInfo().getStamp().getGtidSet(),
                database.staleNanos(version),
                answer.getInfo().hasStalenessBoundMillis() ? answer.getInfo().getStalenessBoundMillis() : -1,
                slackOf(node, answer.getInfo()),
                answer.getFound() && version.lost && version.sequence <= forgotten);
        fromMemory += judgement.isFromMemory() ? 1 : 0;
        for (Invariant invariant : simulation.invariants) {
            invariant.answered(judgement);
        }
    }

    /**
     * What the bound of an answer may hide: half a second, which {@link io.sluice.coherence.ClockWatch} tolerates,
     * where a machine was suspended; and, where a server was polled that was demoted and does not know it, the way of
     * the last heartbeat that it had committed before.
     */
    private long slackOf(SimNode node, AnswerInfo info) {
        SimNode other = simulation.node(info.getServedBy());
        boolean stoodStill = node.stoodStill() || (other != null && other.stoodStill());
        return stoodStill || simulation.failovers.wasPolled() ? TOLERATED_MILLIS : 0;
    }
}
