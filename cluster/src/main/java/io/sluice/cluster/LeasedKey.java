package io.sluice.cluster;

import io.sluice.coherence.Moment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A participant's own key in etcd, under a lease that it keeps alive.
 *
 * <p>The key is created only where there is none, so two processes never share a name; the revision that created it is
 * the incarnation. A lease that is gone, or a key that is gone or foreign, means that the others stopped counting on
 * this incarnation: it is told as lost, and a new one is tried for until it stands or this is stopped.
 *
 * <p>Belongs to its loop; {@link #held}, {@link #leased} and {@link #sinceConfirmed} may be asked from any thread.
 */
final class LeasedKey {
    private static final Logger log = LoggerFactory.getLogger(LeasedKey.class);
    private static final long LONGEST_RETRY_MILLIS = 500;

    private final EtcdStore store;
    private final Loop loop;
    private final EtcdSettings settings;
    private final String key;
    private final Listener listener;
    private final Duration renewal;
    private final long retryMillis;
    private String value;
    private volatile @Nullable Held held;
    private volatile @Nullable String failure;
    private volatile EtcdStore.@Nullable StoredKey standing;
    private boolean confirmed = true;
    private boolean refused;
    private boolean stopped;

    /** Hears on the loop what becomes of the key. */
    interface Listener {
        /** The key stands, in a new incarnation. */
        void held(Held held);

        /** The others no longer count on that incarnation. */
        void lost(Held last, String reason);
    }

    /** The key that stands: its lease, its incarnation, and when its last confirmed renewal was sent. */
    record Held(long lease, long incarnation, Moment confirmed) {}

    LeasedKey(EtcdStore store, Loop loop, EtcdSettings settings, String key, String value, Listener listener) {
        this.store = store;
        this.loop = loop;
        this.settings = settings;
        this.key = key;
        this.value = value;
        this.listener = listener;
        this.renewal = settings.leaseTtl().dividedBy(3);
        this.retryMillis = Math.min(LONGEST_RETRY_MILLIS, settings.leaseTtl().toMillis() / 5);
    }

    String key() {
        return key;
    }

    /** The key as it stands by what is known here, or null. */
    @Nullable Held held() {
        return held;
    }

    /** Whether the lease is sure to stand: its last confirmed renewal was sent a short while ago, by both clocks. */
    boolean leased() {
        return sinceConfirmed().compareTo(settings.trust()) < 0;
    }

    /** How long ago the last confirmed renewal was sent, by the clock that says more; for ever when nothing stands. */
    Duration sinceConfirmed() {
        Held now = held;
        if (now == null) {
            return Duration.ofDays(365);
        }
        // A wall clock that was set back says nothing; one that was set forward costs a few reads of memory.
        return Duration.ofNanos(now.confirmed.agoNanos(loop.now()));
    }

    /** What went wrong last, or null. */
    @Nullable String failure() {
        return failure;
    }

    /** Whose key stands in the way, or null. */
    EtcdStore.@Nullable StoredKey standing() {
        return standing;
    }

    /** Tries for the key, and goes on. To be called on the loop. */
    void claim() {
        if (stopped || held != null) {
            return;
        }
        Replies.on(
                loop,
                store.list(key),
                listing -> {
                    EtcdStore.StoredKey other = find(listing);
                    if (other == null) {
                        grant();
                    } else {
                        refuse(other);
                    }
                },
                this::failed);
    }

    /** Writes another value to the key, now and in later incarnations. To be called on the loop. */
    CompletableFuture<Boolean> rewrite(String newValue) {
        value = newValue;
        Held now = held;
        if (now == null) {
            return CompletableFuture.completedFuture(false);
        }
        return store.putIf(List.of(EtcdStore.Condition.created(key, now.incarnation)), key, newValue, now.lease);
    }

    /** Ends it: the lease is revoked, so that the others learn at once. To be called on the loop. */
    CompletableFuture<Boolean> stop() {
        stopped = true;
        Held last = held;
        held = null;
        return last == null ? CompletableFuture.completedFuture(false) : store.revoke(last.lease);
    }

    private void grant() {
        Moment sent = loop.now();
        Replies.on(loop, store.grantLease(settings.leaseTtl()), lease -> create(lease, sent), this::failed);
    }

    private void create(long lease, Moment sent) {
        Replies.on(
                loop,
                store.createIfAbsent(key, value, lease),
                created -> {
                    if (stopped || created.lease() != lease) {
                        revokeQuietly(lease);
                        refuse(created);
                        return;
                    }
                    refused = false;
                    standing = null;
                    failure = null;
                    Held now = new Held(lease, created.createRevision(), sent);
                    held = now;
                    log.info(
                            "{} is registered in cluster {} as incarnation {}",
                            key,
                            settings.cluster(),
                            now.incarnation);
                    later(renewal.toMillis(), this::renew);
                    listener.held(now);
                },
                thrown -> {
                    revokeQuietly(lease);
                    failed(thrown);
                });
    }

    private void renew() {
        Held now = held;
        if (stopped || now == null) {
            return;
        }
        Moment sent = loop.now();
        Replies.on(
                loop,
                store.keepAlive(now.lease),
                found -> {
                    if (found) {
                        check(now, sent);
                    } else {
                        lost(now, "its lease ended");
                    }
                },
                this::failed);
    }

    /** A lease alone proves nothing: the key may have been deleted by hand. */
    private void check(Held now, Moment sent) {
        Replies.on(
                loop,
                store.list(key),
                listing -> {
                    EtcdStore.StoredKey there = find(listing);
                    if (there == null || there.createRevision() != now.incarnation) {
                        revokeQuietly(now.lease);
                        lost(now, there == null ? "its key was deleted" : "its key is another process's");
                        return;
                    }
                    if (stopped) {
                        return;
                    }
                    held = new Held(now.lease, now.incarnation, sent);
                    if (!confirmed) {
                        confirmed = true;
                        log.info("The lease of {} is confirmed again", key);
                    }
                    later(renewal.toMillis(), this::renew);
                },
                this::failed);
    }

    private void lost(Held last, String reason) {
        if (stopped) {
            return;
        }
        held = null;
        confirmed = true;
        log.warn("{} is no longer registered: {}. Registering as a new incarnation", key, reason);
        listener.lost(last, reason);
        claim();
    }

    private void refuse(EtcdStore.StoredKey other) {
        if (stopped) {
            return;
        }
        standing = other;
        if (!refused) {
            refused = true;
            log.warn("{} is taken by incarnation {}. Trying on", key, other.createRevision());
        }
        later(retryMillis, this::claim);
    }

    private void failed(Throwable thrown) {
        if (stopped) {
            return;
        }
        failure = thrown.getMessage();
        if (confirmed && held != null) {
            confirmed = false;
            log.warn("The lease of {} is not confirmed ({}); trying on", key, failure);
        }
        // First of all, since reconnecting may fail.
        later(retryMillis, held == null ? this::claim : this::renew);
        store.reconnect();
    }

    private void later(long millis, Runnable step) {
        if (!stopped) {
            loop.schedule(millis, step);
        }
    }

    private void revokeQuietly(long lease) {
        Replies.on(
                loop,
                store.revoke(lease),
                found -> {},
                thrown -> log.warn("A lease of {} was not revoked ({}); it ends by itself", key, thrown.getMessage()));
    }

    private EtcdStore.@Nullable StoredKey find(EtcdStore.Listing listing) {
        for (EtcdStore.StoredKey stored : listing.keys()) {
            if (stored.key().equals(key)) {
                return stored;
            }
        }
        return null;
    }
}
