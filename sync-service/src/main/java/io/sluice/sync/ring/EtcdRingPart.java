package io.sluice.sync.ring;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.EtcdSettings;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.SyncParticipant;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.heartbeat.HeartbeatException;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part in a cluster that etcd keeps: registered under a lease; adopts what the coordinator writes and reads floors
 * when asked.
 *
 * <p>Threading: thread-safe. The callbacks of {@link SyncParticipant} come on its threads, one at a time but for the
 * floors. Invariant: {@link #leased} is true only in a life that has adopted a topology read after its registration,
 * which {@link SyncParticipant#leased} sees to; else a lagging watch could have the old one adopted once more, and what
 * was done by it without a registration would look as if nothing had changed.
 */
public final class EtcdRingPart implements RingPart {
    private static final Logger log = LoggerFactory.getLogger(EtcdRingPart.class);

    /** The membership lists its keys this often, whatever its watch missed, and waits this long for an answer. */
    private static final Duration AUDIT = Duration.ofSeconds(15).plusSeconds(3);

    private final Participation.Registrar registrar;
    private final Duration departure;
    private final String name;
    private final Membership membership;
    private final Floors floors;
    private final SyncMetrics metrics;
    private volatile @Nullable Dispatcher dispatcher;
    private volatile @Nullable Participation participation;

    /** Reads what every source has executed, after a commit of its own; may block. */
    @FunctionalInterface
    public interface Floors {
        Map<String, SourcePosition> read() throws HeartbeatException;
    }

    /** {@code name} is unique among the sync instances of the cluster. The membership stays the caller's to close. */
    public static EtcdRingPart in(
            EtcdSettings settings, String name, Membership membership, Floors floors, SyncMetrics metrics) {
        return new EtcdRingPart(
                told -> Participation.of(SyncParticipant.register(settings, name, membership, told)),
                departure(settings.leaseTtl()),
                name,
                membership,
                floors,
                metrics);
    }

    EtcdRingPart(
            Participation.Registrar registrar,
            Duration departure,
            String name,
            Membership membership,
            Floors floors,
            SyncMetrics metrics) {
        this.registrar = requireNonNull(registrar, "registrar is null");
        this.departure = requireNonNull(departure, "departure is null");
        this.name = requireNonNull(name, "name is null");
        this.membership = requireNonNull(membership, "membership is null");
        this.floors = requireNonNull(floors, "floors is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /**
     * A member whose ring vanished notices in time that it is not registered any more, by lease TTL and margin, or
     * reads what came after it, by its next listing at the latest.
     */
    static Duration departure(Duration leaseTtl) {
        Duration lease = leaseTtl.multipliedBy(2);
        return lease.compareTo(AUDIT) > 0 ? lease : AUDIT;
    }

    @Override
    public void join(Dispatcher to) {
        dispatcher = to;
        participation = registrar.register(new Told(to));
    }

    @Override
    public long incarnation() {
        Participation standing = participation;
        return standing == null ? 0 : standing.incarnation();
    }

    @Override
    public boolean leased() {
        Participation standing = participation;
        return standing != null && standing.leased();
    }

    @Override
    public long revision() {
        Dispatcher joined = dispatcher;
        return joined == null ? 0 : joined.revision();
    }

    @Override
    public void look() {
        Participation standing = participation;
        if (standing != null) {
            standing.look();
        }
    }

    @Override
    public boolean hasLookedSince(long nanoTime) {
        Participation standing = participation;
        return standing != null && standing.hasLookedSince(nanoTime);
    }

    @Override
    public boolean heardOfNewer() {
        Dispatcher joined = dispatcher;
        return joined != null && joined.heardOfNewer();
    }

    @Override
    public boolean isPresent(Member member) {
        Participation standing = participation;
        return standing != null && standing.isPresent(member);
    }

    @Override
    public boolean isGone(Member member) {
        Participation standing = participation;
        return standing != null && standing.isGone(member);
    }

    @Override
    public Duration departure() {
        return departure;
    }

    @Override
    public boolean adoptedAllSince(long nanoTime) {
        return membership.confirmedSince(nanoTime) && membership.topology().revision() <= revision();
    }

    @Override
    public void close() {
        Participation standing = participation;
        if (standing != null) {
            standing.close();
        }
    }

    /** What the cluster tells this instance. */
    private final class Told implements SyncParticipant.Callbacks {
        private final Dispatcher to;
        private volatile boolean floorsFailing;

        Told(Dispatcher to) {
            this.to = to;
        }

        @Override
        public void registered(long incarnation) {
            metrics.ringEvent("registered");
        }

        @Override
        public void lost(String reason) {
            metrics.ringEvent("lost");
            log.warn(
                    "Sync instance {} is not registered any more: {}. It goes on removing and commits nothing until it is",
                    name,
                    reason);
        }

        @Override
        public void adopt(Topology topology) {
            to.adopt(topology);
            metrics.ringEvent("adopted");
            log.info("Removals go by {}", topology);
        }

        @Override
        public Map<String, SourcePosition> readFloors(long ringId) throws HeartbeatException {
            long started = System.nanoTime();
            try {
                Map<String, SourcePosition> read = floors.read();
                metrics.ringEvent("floors_read");
                floorsFailing = false;
                log.info("Floors of ring {} read in {} ms", ringId, (System.nanoTime() - started) / 1_000_000);
                return read;
            } catch (HeartbeatException e) {
                metrics.ringEvent("floors_failed");
                if (!floorsFailing) {
                    floorsFailing = true;
                    log.warn("Ring {} cannot become active: {}", ringId, e.getMessage());
                }
                throw e;
            }
        }
    }
}
