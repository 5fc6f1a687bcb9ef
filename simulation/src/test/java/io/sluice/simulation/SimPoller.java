package io.sluice.simulation;

import io.sluice.cluster.SimWorld;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.Moment;
import io.sluice.coherence.PolledPosition;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.load.Departing;
import io.sluice.node.load.PollListener;
import org.jspecify.annotations.Nullable;

/** Polls the simulated primary, or who was the primary a moment ago, one poll after the other. */
final class SimPoller {
    private static final long INTERVAL_NANOS = 40 * SimWorld.MILLIS;
    private static final long OLDEST_NANOS = 200 * SimWorld.MILLIS;

    private final Simulation simulation;
    private final SimNode node;
    private final Clocks clock;
    private final PollListener listener;
    private final PolledPosition polled = new PolledPosition();
    private String anyServer = "";

    SimPoller(Simulation simulation, SimNode node, Clocks clock, PollListener listener) {
        this.simulation = simulation;
        this.node = node;
        this.clock = clock;
        this.listener = listener;
    }

    void poll() {
        SimWorld world = simulation.world;
        SourcePosition appliedBefore = listener.applied();
        Moment sent = clock.now();
        SimServer server = simulation.failovers.serverOfAPoll();
        node.in(world.between(0, world.chance(0.03) ? 300 : 2), () -> {
            SourcePosition executed = server.executed;
            boolean writable = simulation.failovers.isWritable(server);
            node.in(world.between(0, world.chance(0.03) ? 300 : 2), () -> {
                anyServer = server.uuid;
                told(new SourcePoll(sent, appliedBefore, server.uuid, executed, writable));
                node.in(world.calm ? 5 * INTERVAL_NANOS : INTERVAL_NANOS, this::poll);
            });
        });
    }

    /** As the production poller does with an answer. */
    private void told(SourcePoll poll) {
        polled.polled(poll);
        listener.polled(poll, clock.nanos());
    }

    /** Whether a load that reads this server reads another than the one that is polled. */
    boolean goesAstray(SimServer server) {
        String primary = polled.primary();
        return primary != null && !primary.equals(server.uuid);
    }

    /** As the production pool asks for a load on a connection to a server. */
    @Nullable SourcePosition forLoad(SimServer server, Departing departing) {
        String uuid = simulation.has(Protection.SAME_SERVER) ? server.uuid : anyServer;
        return polled.forLoad(uuid, clock.nanos(), OLDEST_NANOS, departing::mayGoBy);
    }
}
