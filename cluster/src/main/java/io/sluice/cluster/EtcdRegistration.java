package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's own member key in etcd, under a lease that it keeps alive.
 *
 * <p>The key is created only where there is none, so two processes never share a name; the revision that created it is
 * the member's incarnation. A lease that is gone, or a key that is gone or foreign, means that the others stopped
 * counting on this life of the member: it registers again, as a new incarnation, until it succeeds or is closed.
 *
 * <p>Threading: thread-safe. The thread {@code sluice-registration} renews the lease and calls the listener.
 */
public final class EtcdRegistration implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EtcdRegistration.class);
    private static final int CLOSE_SECONDS = 5;
    /** How much longer than its TTL the key of a killed process may stand. */
    private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(3);

    private final EtcdStore store;
    private final EtcdSettings settings;
    private final Member self;
    private final Listener listener;
    private final Thread thread = NamedThreads.thread("sluice-registration", this::run);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Held held;
    private volatile Member member;
    private boolean confirmed = true;
    private boolean refusalLogged;

    /** Hears what becomes of the registration; must not block for long. */
    public interface Listener {
        /** The member is registered, in a new incarnation; told for the first one too, on the caller's thread. */
        void registered(Member self);

        /** The others no longer count on the incarnation that was registered. */
        void lost(String reason);
    }

    /** {@link #register(EtcdSettings, Member, Listener)} for who does not listen. */
    public static EtcdRegistration register(EtcdSettings settings, Member self) {
        return register(settings, self, new Listener() {
            @Override
            public void registered(Member self) {}

            @Override
            public void lost(String reason) {}
        });
    }

    /**
     * Registers and returns once the key stands. The key of an earlier life, killed a moment ago, is waited out.
     *
     * @param self the incarnation in it is ignored
     * @throws ClusterException when etcd does not answer in time or another process has the name
     */
    public static EtcdRegistration register(EtcdSettings settings, Member self, Listener listener) {
        return register(new JetcdStore(settings), settings, self, listener);
    }

    static EtcdRegistration register(EtcdStore store, EtcdSettings settings, Member self, Listener listener) {
        EtcdRegistration registration = new EtcdRegistration(store, settings, self, listener);
        try {
            registration.firstClaim();
        } catch (ClusterException e) {
            store.close();
            throw e;
        }
        registration.thread.start();
        return registration;
    }

    private EtcdRegistration(EtcdStore store, EtcdSettings settings, Member self, Listener listener) {
        this.store = store;
        this.settings = settings;
        this.self = requireNonNull(self, "self is null");
        this.member = self;
        this.listener = requireNonNull(listener, "listener is null");
    }

    /** This member in its latest incarnation. */
    public Member member() {
        return member;
    }

    /** Whether the key stands, as far as is known here. */
    public boolean registered() {
        return held != null;
    }

    /** How long ago the last renewal that etcd confirmed was sent; longer than any lease when not registered. */
    public Duration sinceConfirmed() {
        Held now = held;
        return now == null ? Duration.ofDays(365) : Duration.ofNanos(System.nanoTime() - now.confirmedNanos);
    }

    /** Revokes the lease, so that the others learn at once, and ends the thread. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Held last = held;
        held = null;
        if (last != null) {
            revokeQuietly(last.lease);
            log.info("Member {} left cluster {}", self.name(), settings.cluster());
        }
        store.close();
    }

    private void firstClaim() {
        Duration patience = max(settings.startTimeout(), settings.leaseTtl().plus(EXPIRY_MARGIN));
        long startNanos = System.nanoTime();
        while (true) {
            EtcdStore.StoredMember other = EtcdStart.retry(settings, store, this::claim);
            if (other == null) {
                return;
            }
            if (System.nanoTime() - startNanos > patience.toNanos() || !EtcdStart.pause()) {
                throw new ClusterException(taken(other) + ". Waited " + patience.toSeconds() + " s", null);
            }
            logRefusal(other);
        }
    }

    private void run() {
        long renewMillis = settings.leaseTtl().toMillis() / 3;
        long retryMillis = Math.min(1_000, settings.leaseTtl().toMillis() / 5);
        boolean healthy = true;
        while (!closed(healthy ? renewMillis : retryMillis)) {
            healthy = keepUp();
        }
    }

    /**
     * One step. Whatever fails is tried again: if this thread ended, the lease would run out and nobody would register
     * anew.
     */
    private boolean keepUp() {
        try {
            return held == null ? tryAgain() : renew(held);
        } catch (EtcdUnavailableException | RuntimeException e) {
            if (closing.getCount() > 0) {
                unconfirmed(e);
            }
            return false;
        }
    }

    private boolean closed(long waitMillis) {
        try {
            return closing.await(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** One attempt at the name. Answers who else has it, or null when it is ours now. */
    private EtcdStore.@Nullable StoredMember claim() throws EtcdUnavailableException {
        EtcdStore.StoredMember standing = store.read(self.name());
        if (standing != null) {
            return standing;
        }
        long sentNanos = System.nanoTime();
        long lease = store.grantLease(settings.leaseTtl());
        EtcdStore.StoredMember created;
        try {
            created = store.createIfAbsent(self.name(), MemberRecord.encode(self), lease);
        } catch (EtcdUnavailableException e) {
            revokeQuietly(lease);
            throw e;
        }
        if (created.lease() != lease) {
            revokeQuietly(lease);
            return created;
        }
        Member now = self.withIncarnation(created.createRevision());
        member = now;
        held = new Held(lease, created.createRevision(), sentNanos);
        refusalLogged = false;
        log.info("Member {} joined cluster {} as incarnation {}", now.name(), settings.cluster(), now.incarnation());
        listener.registered(now);
        return null;
    }

    private boolean tryAgain() throws EtcdUnavailableException {
        EtcdStore.StoredMember other = claim();
        if (other != null) {
            logRefusal(other);
        }
        return other == null;
    }

    private boolean renew(Held now) throws EtcdUnavailableException {
        long sentNanos = System.nanoTime();
        if (!store.keepAlive(now.lease)) {
            return lost("its lease ended");
        }
        EtcdStore.StoredMember standing = store.read(self.name());
        if (standing == null || standing.createRevision() != now.incarnation) {
            revokeQuietly(now.lease);
            return lost(standing == null ? "its key was deleted" : "its key is another process's");
        }
        held = new Held(now.lease, now.incarnation, sentNanos);
        if (!confirmed) {
            confirmed = true;
            log.info("The lease of member {} is confirmed again", self.name());
        }
        return true;
    }

    private boolean lost(String reason) {
        held = null;
        confirmed = true;
        log.warn("Member {} is no longer registered: {}. Registering as a new incarnation", self.name(), reason);
        listener.lost(reason);
        return false;
    }

    private void unconfirmed(Exception failure) {
        if (confirmed) {
            confirmed = false;
            log.warn("The lease of member {} is not confirmed ({}); trying on", self.name(), failure.getMessage());
        }
        store.reconnect();
    }

    private void logRefusal(EtcdStore.StoredMember other) {
        if (!refusalLogged) {
            refusalLogged = true;
            log.warn("{}. Trying on", taken(other));
        }
    }

    private String taken(EtcdStore.StoredMember other) {
        return "the name " + self.name() + " in cluster " + settings.cluster() + " is taken by incarnation "
                + other.createRevision() + address(other) + ": give this node another name, or stop that process; the"
                + " name of a killed process is free after its lease TTL";
    }

    private static String address(EtcdStore.StoredMember record) {
        try {
            return " at " + MemberRecord.decode(record).address();
        } catch (IllegalArgumentException e) {
            return " (with a malformed record)";
        }
    }

    private void revokeQuietly(long lease) {
        try {
            store.revoke(lease);
        } catch (EtcdUnavailableException e) {
            log.warn("A lease of member {} was not revoked ({}); it ends by itself", self.name(), e.getMessage());
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    /** The registration that stands: its lease, its incarnation, and when its last confirmed renewal was sent. */
    private record Held(long lease, long incarnation, long confirmedNanos) {}
}
