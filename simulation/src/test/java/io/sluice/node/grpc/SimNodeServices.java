package io.sluice.node.grpc;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeaseDemand;
import io.sluice.coherence.LeasedCopies;
import io.sluice.node.hot.HotKeyEvents;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.Holdings;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.PeekResponse;
import io.sluice.proto.v1.PeerRemoveRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** What a node does when it is called by other processes, without the calls. */
public final class SimNodeServices {
    private static final RequestLimits LIMITS =
            new RequestLimits(1_000, 1_000, 1_000, 10_000, 1_000, 1_000_000, Duration.ofHours(1));

    private final Removals removals;
    private final LeaseDemands demands;
    private final PositionReceiver positions;
    private final PeekReader peeks;
    private final PeerHeaders headers;

    public SimNodeServices(
            CacheGroups groups,
            Holdings holdings,
            AppliedPositions applied,
            PeerHeaders headers,
            HotKeyEvents events,
            LongSupplier nanoClock) {
        Requests requests = new Requests(groups, LIMITS);
        this.headers = headers;
        // Has no copies: those of the simulation are its own.
        HotKeys hotKeys = new HotKeys(
                HotKeySettings.DEFAULTS,
                new LeasedCopies<>(1, 1),
                (read, leaseMillis, settled) -> {},
                events,
                Clocks.system());
        this.removals = new Removals(requests, hotKeys, applied, (group, outcome) -> {});
        this.demands = new LeaseDemands(requests, applied);
        this.positions = new PositionReceiver(applied, headers, requests);
        this.peeks = new PeekReader(holdings, headers, requests, nanoClock);
    }

    /** False when another incarnation is meant, and nothing was done. */
    public boolean remove(PeerRemoveRequest request) {
        if (!headers.addresses(request.getHeader())) {
            return false;
        }
        var _ = removals.apply(request);
        return true;
    }

    /** What it demands of copies that this node has lent. */
    public List<LeaseDemand> demands(PeerRemoveRequest request) {
        return demands.of(request);
    }

    public ApplyPositionResponse apply(ApplyPositionRequest request) {
        return positions.apply(request);
    }

    public PeekResponse peek(PeekRequest request) {
        return peeks.peek(request);
    }
}
