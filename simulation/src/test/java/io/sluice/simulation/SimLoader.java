package io.sluice.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import io.sluice.cluster.SimWorld;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.load.Departing;
import io.sluice.node.load.LoadStamp;
import io.sluice.node.load.Loaded;
import io.sluice.node.load.Loader;
import java.util.concurrent.CompletableFuture;

/** Loads from the simulated database: the position, then the row, each some time after the other. */
final class SimLoader implements Loader {
    private final Simulation simulation;
    private final SimNode node;

    SimLoader(Simulation simulation, SimNode node) {
        this.simulation = simulation;
        this.node = node;
    }

    @Override
    public boolean accepts(String key) {
        return true;
    }

    @Override
    public Loaded load(String key, Departing departing) {
        long startNanos = node.nanoTime();
        SimServer server = simulation.failovers.serverOfALoad();
        pause(1);
        boolean early = simulation.has(Protection.STAMP_BEFORE_SELECT);
        LoadStamp stamp = early ? stamp(server, departing) : LoadStamp.NONE;
        pause(3);
        Transaction row = server.rows[Integer.parseInt(key)];
        pause(3);
        if (!early) {
            stamp = stamp(server, departing);
        }
        boolean connected = simulation.failovers.isThere(server);
        if (!connected || simulation.world.chance(simulation.world.calm ? 0 : 0.02)) {
            throw Status.UNAVAILABLE.asRuntimeException();
        }
        boolean found = row.kind != Transaction.Kind.DELETION;
        byte[] value = found ? Long.toString(row.sequence).getBytes(UTF_8) : new byte[0];
        return new Loaded(found, value, stamp, startNanos, true);
    }

    /**
     * What was polled from the same server, if the load may go by that, else what is read now. Where loads go to
     * replicas too, none goes by polls, and so none goes astray.
     */
    private LoadStamp stamp(SimServer server, Departing departing) {
        boolean goesByPolls = !simulation.readsReplica;
        boolean astray = goesByPolls && node.poller().goesAstray(server);
        if ((goesByPolls && !astray) || !simulation.has(Protection.SAME_SERVER)) {
            SourcePosition before = node.poller().forLoad(server, departing);
            if (before != null) {
                return LoadStamp.of(before);
            }
        }
        LoadStamp stamp = new LoadStamp(server.executed, astray);
        departing.goesBy(stamp);
        return stamp;
    }

    /** Mostly so many milliseconds at most; sometimes much longer. */
    private void pause(long mostMillis) {
        SimWorld world = simulation.world;
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        node.in(world.between(0, world.chance(simulation.slowness) ? 500 : mostMillis), () -> over.complete(true));
        over.join();
    }
}
