package io.sluice.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members that are registered in etcd, watched.
 *
 * <p>It lists at a revision and watches from the next one. When the watch ends for whatever reason (compaction, an
 * error, a stream that ends) it lists again, with backoff; a listing every {@value #AUDIT_SECONDS} s finds a watch that
 * is dead without saying so. A burst of events becomes one topology.
 *
 * <p>Invariant: only what etcd says changes the members. While etcd is away the last topology stands. An etcd that came
 * back with an older history than the one known (its data was lost) gets three lease TTLs for the members to register
 * anew before those that it lacks are let go.
 *
 * <p>Threading: thread-safe; state belongs to the thread {@code sluice-membership}, which also calls the listeners.
 */
public final class EtcdMembership implements Membership {
    private static final Logger log = LoggerFactory.getLogger(EtcdMembership.class);
    private static final int DEBOUNCE_MILLIS = 20;
    private static final int AUDIT_SECONDS = 15;
    private static final int CLOSE_SECONDS = 5;
    private static final Duration LEAST_BACKOFF = Duration.ofMillis(200);
    private static final Duration GREATEST_BACKOFF = Duration.ofSeconds(5);

    private final EtcdStore store;
    private final EtcdSettings settings;
    private final int replicationFactor;
    private final ScheduledThreadPoolExecutor thread = NamedThreads.single("sluice-membership");
    private final Listeners listeners = new Listeners(thread, this::topology);
    private final MemberTable table = new MemberTable();
    private final Backoff backoff = new Backoff(LEAST_BACKOFF, GREATEST_BACKOFF);
    private volatile Topology topology;
    /** When the last listing that the topology reflects was asked for. */
    private volatile long confirmedNanos;

    // Of the thread alone.
    private EtcdStore.@Nullable Watch watch;
    private long watchId;
    private boolean connected = true;
    private boolean publishDue;
    private @Nullable ScheduledFuture<?> resyncDue;
    private long keepMissingUntilNanos = System.nanoTime();

    /**
     * Lists the members, within the start timeout, and watches from there.
     *
     * @throws ClusterException when etcd does not answer in time
     */
    public static EtcdMembership open(EtcdSettings settings, int replicationFactor) {
        return open(new JetcdStore(settings), settings, replicationFactor);
    }

    static EtcdMembership open(EtcdStore store, EtcdSettings settings, int replicationFactor) {
        EtcdStore.Listing first;
        long startedNanos = System.nanoTime();
        try {
            first = EtcdStart.retry(settings, store, store::list);
        } catch (ClusterException e) {
            store.close();
            throw e;
        }
        EtcdMembership membership = new EtcdMembership(store, settings, replicationFactor, first, startedNanos);
        membership.start();
        return membership;
    }

    private EtcdMembership(
            EtcdStore store, EtcdSettings settings, int replicationFactor, EtcdStore.Listing first, long startedNanos) {
        this.store = store;
        this.settings = settings;
        this.replicationFactor = replicationFactor;
        table.replace(first, false);
        this.topology = Topology.of(table.revision(), table.members(), replicationFactor);
        this.confirmedNanos = startedNanos;
    }

    @Override
    public Topology topology() {
        return topology;
    }

    @Override
    public boolean confirmedSince(long nanoTime) {
        return confirmedNanos - nanoTime > 0;
    }

    @Override
    public Subscription addListener(Consumer<Topology> listener) {
        return listeners.add(listener);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The membership's thread did not end within {} s: a listener blocks it", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private void start() {
        log.info("Members of cluster {}: {}", settings.cluster(), topology);
        // A resync lists again, which costs little, and handles whatever may fail.
        thread.execute(this::resync);
        var unused = thread.scheduleWithFixedDelay(this::audit, AUDIT_SECONDS, AUDIT_SECONDS, TimeUnit.SECONDS);
    }

    private void startWatch() {
        long id = ++watchId;
        watch = store.watch(table.revision() + 1, new EtcdStore.WatchSink() {
            @Override
            public void changed(List<EtcdStore.Change> changes) {
                thread.execute(() -> onChanges(id, changes));
            }

            @Override
            public void ended(String reason) {
                thread.execute(() -> onWatchEnded(id, reason));
            }
        });
    }

    private void onChanges(long id, List<EtcdStore.Change> changes) {
        if (id != watchId) {
            return;
        }
        boolean changed = false;
        for (EtcdStore.Change change : changes) {
            changed |= table.apply(change);
        }
        table.reached(changes.get(changes.size() - 1).modRevision());
        if (changed && !publishDue) {
            publishDue = true;
            var unused = thread.schedule(this::publish, DEBOUNCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void onWatchEnded(long id, String reason) {
        if (id == watchId) {
            lostSight("the watch ended: " + reason);
        }
    }

    /** Nothing is known of changes from here on: list again after a while. */
    private void lostSight(String reason) {
        if (connected) {
            connected = false;
            log.warn("Lost sight of the members in {} ({}); going on with {}", settings, reason, topology);
        }
        stopWatch();
        resyncIn(backoff.nextMillis());
    }

    private void stopWatch() {
        watchId++;
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    private void resyncIn(long millis) {
        if (resyncDue != null) {
            resyncDue.cancel(false);
        }
        resyncDue = thread.schedule(this::resync, millis, TimeUnit.MILLISECONDS);
    }

    private void resync() {
        try {
            long sentNanos = System.nanoTime();
            EtcdStore.Listing listing = store.list();
            stopWatch();
            takeOver(listing);
            startWatch();
            confirmedNanos = sentNanos;
        } catch (EtcdUnavailableException | RuntimeException e) {
            // A task that throws would be the last of its kind, and nothing would say so.
            store.reconnect();
            lostSight(String.valueOf(e.getMessage()));
            return;
        }
        backoff.reset();
        if (!connected) {
            connected = true;
            log.info("Watching the members in {} again: {}", settings, topology);
        }
    }

    private void takeOver(EtcdStore.Listing listing) {
        long now = System.nanoTime();
        if (listing.revision() < table.revision()) {
            Duration patience = settings.leaseTtl().multipliedBy(3);
            log.error(
                    "The history of {} went back from revision {} to {}: was its data lost? Members that it lacks"
                            + " stay for {} s",
                    settings,
                    table.revision(),
                    listing.revision(),
                    patience.toSeconds());
            keepMissingUntilNanos = now + patience.toNanos();
            var unused = thread.schedule(this::resync, patience.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
        if (table.replace(listing, now - keepMissingUntilNanos < 0) || publishDue) {
            publish();
        }
    }

    /** What happens by itself every {@value #AUDIT_SECONDS} s. */
    void auditNow() {
        thread.execute(this::audit);
    }

    private void audit() {
        if (!connected) {
            return;
        }
        long knownBefore = table.revision();
        try {
            long sentNanos = System.nanoTime();
            EtcdStore.Listing listing = store.list();
            boolean rewound = listing.revision() < knownBefore;
            if (rewound || table.differsFrom(listing)) {
                // Either events of a healthy watch are on their way, or the watch is dead: both end well this way.
                resyncIn(0);
            } else if (!publishDue) {
                confirmedNanos = sentNanos;
            }
        } catch (EtcdUnavailableException | RuntimeException e) {
            lostSight(String.valueOf(e.getMessage()));
        }
    }

    private void publish() {
        publishDue = false;
        topology = Topology.of(table.revision(), table.members(), replicationFactor);
        log.info("Members of cluster {}: {}", settings.cluster(), topology);
        listeners.tellAll(topology);
    }
}
