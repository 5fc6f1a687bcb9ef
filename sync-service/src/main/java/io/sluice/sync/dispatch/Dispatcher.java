package io.sluice.sync.dispatch;

import static java.util.Comparator.comparingLong;
import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.ApplyPositionRequest;
import io.sluice.proto.v1.ApplyPositionResponse;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes removals and says when each is done: when everyone who may have what it takes away has acknowledged it or is
 * gone for good (see {@link Parcel} for the rule and {@link Recipients} for who that is). One {@link Lane} per
 * recipient.
 *
 * <p>Removals are submitted in bundles, and everything here is done once for a bundle, not for a removal: who submits
 * many collects them first ({@link BundleBuilder}).
 *
 * <p>Safe for use by many threads; {@link #submit} does not block. It refuses nothing, so callers bound what they
 * submit by {@link #footprintBytes}. The recipients are a snapshot swapped whole. No lock is held while anything is
 * sent.
 *
 * <p>Until the first {@link #adopt} there is no topology and every removal waits. What is decided by one topology ends
 * before the next is adopted, since the adoption is confirmed to the coordinator and a ring may become active for it:
 *
 * <ol>
 *   <li>a removal looks at revision 7, where A and B are the holders;
 *   <li>revision 8 is adopted and confirmed; C becomes a holder;
 *   <li>B acknowledges, and the removal, still looking at revision 7, is done without C.
 * </ol>
 *
 * <p>Invariant: a submitted removal is at every moment in a lane, being advanced, or waiting for a topology; unless the
 * dispatcher is closed it gets done, and its callback runs exactly once. After {@link #close} no callback runs for what
 * was not acknowledged. After {@link #adopt} no callback runs for what was decided by an earlier topology.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /** Often enough: the membership asks its source every 15 s. */
    private static final Duration REVISION_PATIENCE = Duration.ofSeconds(1);

    private static final Duration DEPARTURES_INTERVAL = Duration.ofMillis(100);
    private static final Topology NOBODY = Topology.of(0, List.of(), 1);

    private final String sender;
    private final SyncMetrics metrics;
    private final Evidence evidence;
    private final LongSupplier nanoClock;
    private final Lanes lanes;
    private final Set<Parcel> waiting = new ConcurrentSkipListSet<>(comparingLong(Parcel::number));
    private final AtomicLong submitted = new AtomicLong();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong footprint = new AtomicLong();
    private final long maxBacklogBytes;
    private final RevisionGate gate;
    private final DepartureWatch departures;
    /** Shared by those who decide, exclusive for who changes what they decide by. */
    private final ReadWriteLock deciding = new ReentrantReadWriteLock();
    /** Orders the changes of recipients and the opening and closing of lanes that follows from them. */
    private final Object change = new Object();

    private volatile Recipients recipients = Recipients.of(NOBODY);
    private volatile boolean closed;

    /** Starts with no topology. */
    public Dispatcher(String sender, Evidence evidence, DispatchSettings settings, SyncMetrics metrics) {
        this(sender, evidence, settings, REVISION_PATIENCE, metrics);
    }

    Dispatcher(
            String sender,
            Evidence evidence,
            DispatchSettings settings,
            Duration revisionPatience,
            SyncMetrics metrics) {
        this(
                sender,
                evidence,
                settings,
                revisionPatience,
                receiver -> Lanes.toNodes(settings, receiver, metrics),
                Dispatcher::timer,
                System::nanoTime,
                metrics);
    }

    /** @param timers makes the timer of a name; the clock goes with it */
    Dispatcher(
            String sender,
            Evidence evidence,
            DispatchSettings settings,
            Duration revisionPatience,
            Function<NodeLane.Receiver, Lane.Opener> opener,
            Function<String, ScheduledExecutorService> timers,
            LongSupplier nanoClock,
            SyncMetrics metrics) {
        this.sender = requireNonNull(sender, "sender is null");
        this.evidence = requireNonNull(evidence, "evidence is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.maxBacklogBytes = settings.maxBacklog().bytes();
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.lanes = new Lanes(opener.apply(new LaneReceiver()));
        this.gate = new RevisionGate(
                revisionPatience,
                evidence::adoptedAllSince,
                this::onRevisionOpened,
                timers.apply("sluice-sync-revisions"),
                nanoClock);
        this.departures = new DepartureWatch(
                () -> recipients,
                evidence,
                this::onGone,
                this::onLingered,
                timers.apply("sluice-sync-departures"),
                nanoClock);
        departures.start(DEPARTURES_INTERVAL);
    }

    private static ScheduledExecutorService timer(String name) {
        return new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
    }

    /** Sends the removal to all its holders; {@code whenDone} runs once, on another thread, and must not block. */
    public void submit(Removal removal, Runnable whenDone) {
        submit(BundleBuilder.of(removal), whenDone);
    }

    /**
     * Sends the removals of a bundle to all their holders; {@code whenDone} runs once, on another thread, when all of
     * them are done, and must not block.
     */
    public void submit(RemovalBundle bundle, Runnable whenDone) {
        bundle.countKinds((kind, count) -> metrics.removalsSubmitted(kind.group(), kind.isKey(), count));
        remember(bundle);
        if (footprint.get() > maxBacklogBytes) {
            lanes.collapseFailing(this::collapse);
        }
        advance(new Parcel(submitted.incrementAndGet(), bundle, whenDone));
    }

    /**
     * Tells every node how far the change stream is applied, without waiting. What it says must be done already.
     *
     * <p>Only who is seen in etcd is told. A removal may have been done without a node whose key had been missing for
     * long enough, by this instance or by the one that had the partition before, and that node must never be told that
     * it was applied.
     *
     * @param revision of the topology by which it is told, which may be another one by the time that it is sent
     * @param answered told each answer that comes, on whatever thread; must not block
     */
    public void tell(ApplyPositionRequest position, long revision, Consumer<ApplyPositionResponse> answered) {
        for (Member member : recipients.members()) {
            if (evidence.isPresent(member)) {
                PeerHeader header = header(member, revision);
                lanes.to(member).tell(position.toBuilder().setHeader(header).build(), response -> {
                    heard(response.getReceipt().getTopologyRevision());
                    answered.accept(response);
                });
            }
            if (!recipients.contains(member)) {
                lanes.close(member);
            }
        }
    }

    private PeerHeader header(Member member, long revision) {
        return PeerHeader.newBuilder()
                .setSender(sender)
                .setTopologyRevision(revision)
                .setReceiverIncarnation(member.incarnation())
                .build();
    }

    /** A member knows this topology. */
    private void heard(long topologyRevision) {
        if (topologyRevision > revision()) {
            gate.heard(topologyRevision);
        }
    }

    private Delivery collapse(Delivery delivery) {
        metrics.removalsCollapsed(delivery.member().name(), delivery.size());
        return delivery.parcel().collapse(delivery, (before, after) -> {
            forget(before);
            remember(after);
        });
    }

    /** When this returns, nothing is done any more unless the holders in all rings of this topology acknowledge. */
    public void adopt(Topology next) {
        requireNonNull(next, "next is null");
        change(before -> {
            if (next.revision() < before.topology().revision()) {
                // Before the swap: what is heard after it is of the new history.
                gate.beginAnew();
            }
            return before.adopt(next, nanoClock.getAsLong());
        });
    }

    /** The revision of the topology adopted last; 0 before the first. */
    public long revision() {
        return recipients.topology().revision();
    }

    /** The topology adopted last; one without anybody before the first. */
    public Topology topology() {
        return recipients.topology();
    }

    /** Whether a receiver has spoken of a topology that is newer than all that is known here. */
    public boolean heardOfNewer() {
        return gate.heardSince(Math.max(revision(), gate.opened()));
    }

    /** How many submitted removals are not done. */
    public int inFlight() {
        return inFlight.get();
    }

    /** About how many bytes of heap they take. */
    public long footprintBytes() {
        return footprint.get();
    }

    /** The most bytes that wait to be sent to a node that answers. */
    public long mostWaitingBytes() {
        return lanes.mostWaitingBytes();
    }

    /** What goes on on the way to each member. */
    public List<LaneStatus> lanes() {
        return lanes.status();
    }

    /** True when there is at least one node to send to. */
    public boolean hasMembers() {
        return !recipients.members().isEmpty();
    }

    /** Names of the members whose last call failed. */
    public List<String> failingMembers() {
        return lanes.failing();
    }

    private void advance(Parcel parcel) {
        while (!closed) {
            Recipients seen;
            long seenRevision;
            Advance advance;
            deciding.readLock().lock();
            try {
                seen = recipients;
                seenRevision = gate.opened();
                advance = parcel.advance(seen, seenRevision);
                if (advance.next() == Advance.Next.DONE) {
                    forget(parcel.bundle());
                    parcel.whenDone().run();
                    return;
                }
            } finally {
                deciding.readLock().unlock();
            }
            if (advance.next() == Advance.Next.WAIT_FOR_TOPOLOGY) {
                waiting.add(parcel);
            }
            boolean allAccepted = true;
            for (Delivery delivery : advance.send()) {
                allAccepted &= send(delivery);
            }
            // Recipients that came between the look and the waiting would not find it: look again.
            if (allAccepted && recipients.equals(seen) && gate.opened() == seenRevision) {
                return;
            }
            waiting.remove(parcel);
        }
    }

    private void remember(RemovalBundle bundle) {
        inFlight.addAndGet(bundle.size());
        footprint.addAndGet(bundle.footprintBytes());
    }

    private void forget(RemovalBundle bundle) {
        inFlight.addAndGet(-bundle.size());
        footprint.addAndGet(-bundle.footprintBytes());
    }

    /** False when the lane has just ended: another one has to be asked for, if it is still a recipient. */
    private boolean send(Delivery delivery) {
        Member member = delivery.member();
        boolean accepted = lanes.to(member).offer(delivery);
        if (!accepted) {
            delivery.parcel().giveUp(delivery);
        }
        // The member left between the look at the recipients and now: nobody else would close a lane opened just now.
        if (!recipients.contains(member)) {
            lanes.close(member);
        }
        return accepted;
    }

    private void change(UnaryOperator<Recipients> step) {
        synchronized (change) {
            if (closed) {
                return;
            }
            Recipients next = step.apply(recipients);
            deciding.writeLock().lock();
            try {
                recipients = next;
            } finally {
                deciding.writeLock().unlock();
            }
            lanes.keepOnly(next);
        }
        advanceWaiting();
    }

    private void onGone(Set<Member> gone) {
        log.info(
                "Gone for good: {}; removals are done without what they have not acknowledged",
                gone.stream()
                        .map(member -> member.name() + "@" + member.incarnation())
                        .sorted()
                        .toList());
        change(before -> before.without(gone));
    }

    private void onLingered(long sinceNanos) {
        log.info("Members of rings that vanished had the time to notice; they are told what their rings now say");
        change(before -> before.withoutLingeringSince(sinceNanos));
    }

    private void onRevisionOpened(long revision) {
        if (revision() < revision) {
            log.info(
                    "Nodes speak of topology revision {}; here it is revision {}, and etcd has no newer: taking it as"
                            + " current",
                    revision,
                    revision());
        }
        advanceWaiting();
    }

    private void advanceWaiting() {
        for (Parcel parcel : List.copyOf(waiting)) {
            waiting.remove(parcel);
            advance(parcel);
        }
    }

    /** Stops all lanes. What is not acknowledged stays not done. */
    @Override
    public void close() {
        departures.close();
        gate.close();
        synchronized (change) {
            closed = true;
        }
        lanes.close();
    }

    /** What the lanes report back. */
    private final class LaneReceiver implements NodeLane.Receiver {
        @Override
        public PeerHeader header(Member member) {
            return Dispatcher.this.header(member, revision());
        }

        @Override
        public void acknowledged(Member member, List<Delivery> deliveries, long topologyRevision) {
            deliveries.forEach(delivery -> delivery.parcel().acknowledge(delivery, topologyRevision));
            // After that: what an older history makes them wait for is forgotten with the next topology, or heard here.
            heard(topologyRevision);
            deliveries.forEach(delivery -> advance(delivery.parcel()));
        }

        @Override
        public void givenUp(Member member, List<Delivery> deliveries) {
            for (Delivery delivery : deliveries) {
                delivery.parcel().giveUp(delivery);
                advance(delivery.parcel());
            }
        }
    }
}
