package io.sluice.simulation;

import io.sluice.cluster.SimWorld;

/** Failovers of the simulated database, and who goes on with the server that was the primary for a moment after one. */
final class Failovers {
    private static final long SECOND = 1_000 * SimWorld.MILLIS;

    private final Simulation simulation;
    private final SimWorld world;
    private final SimDatabase database;
    private final Bias bias;
    private long demotedUntil;
    private long polledUntil;
    private long silentUntil;
    private boolean demotedIsWritable;
    private boolean demotedWasRead;
    private boolean demotedWasPolled;

    Failovers(Simulation simulation, Bias bias) {
        this.simulation = simulation;
        this.world = simulation.world;
        this.database = simulation.database;
        this.bias = bias;
    }

    /** Where a load goes: to the primary, to who was the primary a moment ago, or to the replica. */
    SimServer serverOfALoad() {
        SimServer demoted = simulation.has(Protection.RESYNC_WITH_POSITION) ? database.demoted() : database.replica();
        if (demoted != null && world.now() < demotedUntil) {
            boolean old = world.chance(0.4);
            demotedWasRead |= old && simulation.has(Protection.BOUND_CAPPED);
            return old ? demoted : database.primary();
        }
        return simulation.readsReplica && world.chance(0.4) ? database.replica() : database.primary();
    }

    /** A poll goes to the primary, as far as is known where it is. */
    SimServer serverOfAPoll() {
        SimServer demoted = database.demoted();
        if (demoted == null || world.now() >= polledUntil) {
            return database.primary();
        }
        demotedWasPolled |= demotedIsWritable;
        return demoted;
    }

    /** Whether a server may be written to; one that was the primary may not know yet that it is not any more. */
    boolean isWritable(SimServer server) {
        return server.equals(database.primary())
                || (server.equals(database.demoted()) && world.now() < polledUntil && demotedIsWritable);
    }

    /**
     * Whether connections to a server stand still: one that was made anew is another. A resync without a position shows
     * by loads that go on for long, so then they do.
     */
    boolean isThere(SimServer server) {
        return !simulation.has(Protection.RESYNC_WITH_POSITION)
                || server.equals(database.primary())
                || server.equals(database.replica());
    }

    /** Whether loads may read the replica, which a demoted primary becomes. */
    boolean mayReadReplica() {
        return simulation.readsReplica || world.now() < demotedUntil + 6 * SECOND;
    }

    /**
     * A failover when all is applied and nobody is left to tell more: who was the primary stands still, is polled on,
     * and has nothing that is not applied.
     */
    void failOverInSilence() {
        simulation.note("silence");
        silentUntil = world.now() + 600 * SimWorld.MILLIS;
        world.in(590 * SimWorld.MILLIS, () -> {
            simulation.syncs().forEach(sync -> sync.freeze(1_500 * SimWorld.MILLIS));
            failOver();
            demotedIsWritable = !simulation.readsReplica;
            demotedUntil = world.now();
            polledUntil = world.now() + 1_400 * SimWorld.MILLIS;
        });
    }

    /** Another server becomes the primary; loads go to the old one for a moment. */
    void failOver() {
        simulation.note("failover");
        // One that does not know that it is not the primary any more, and is polled by who loads elsewhere; or one that
        // is read only, and everything still goes to it.
        demotedIsWritable = !simulation.readsReplica && (!simulation.has(Protection.BOUND_CAPPED) || world.chance(0.5));
        polledUntil = world.now() + world.between(0, bias.longDemoted() ? 1_400 : 400);
        demotedUntil = demotedIsWritable ? world.now() : Math.min(polledUntil, world.now() + 400 * SimWorld.MILLIS);
        if (database.failOver()) {
            simulation.losses.failedOver(database.lastSequence());
        }
    }

    /** Whether nobody writes, for the sake of a failover in silence. */
    boolean isSilent() {
        return world.now() < silentUntil;
    }

    /** Whether loads ever went to a server that was demoted, and that may not be noticed. */
    boolean wasRead() {
        return demotedWasRead;
    }

    /** Whether a server was ever polled that was demoted and did not know it. */
    boolean wasPolled() {
        return demotedWasPolled;
    }
}
