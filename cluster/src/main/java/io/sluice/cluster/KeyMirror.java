package io.sluice.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a cluster that begin so, as etcd's listings and events tell them.
 *
 * <p>It lists at a revision and watches from the next one. When the watch ends for whatever reason (compaction, an
 * error, a stream that ends) it lists again, with backoff; a listing every {@value #AUDIT_MILLIS} ms replaces a watch
 * that is dead without saying so. No watch runs while it lists, so a listing is never older than what is known, unless
 * etcd's history itself went back.
 *
 * <p>Invariant: the keys are those of one revision of etcd, {@link #revision}: everything up to it and nothing after.
 * Belongs to its loop; only {@link #confirmedSince} may be asked from any thread.
 */
final class KeyMirror {
    private static final Logger log = LoggerFactory.getLogger(KeyMirror.class);
    private static final int AUDIT_MILLIS = 15_000;
    private static final Duration LEAST_BACKOFF = Duration.ofMillis(200);
    private static final Duration GREATEST_BACKOFF = Duration.ofSeconds(5);

    private final EtcdStore store;
    private final Loop loop;
    private final String prefix;
    private final String where;
    private final Runnable changed;
    private final Backoff backoff;
    private final SortedMap<String, EtcdStore.StoredKey> keys = new TreeMap<>();
    private long revision;
    /** When the last listing was asked for that {@code changed} has been told of. */
    private volatile long confirmedNanos;

    private volatile @Nullable String failure;

    private EtcdStore.@Nullable Watch watch;
    /** Answers and events of an earlier attempt are of no interest. */
    private long attempt;

    private boolean connected = true;
    private boolean stopped;
    private Loop.@Nullable Timer due;

    /**
     * @param where for logs
     * @param changed told on the loop after every change of the keys, the first listing included, and when they are in
     *     sight again though none has changed: who waited for {@link #connected} hears nothing else
     */
    KeyMirror(EtcdStore store, Loop loop, String prefix, String where, Runnable changed) {
        this.store = store;
        this.loop = loop;
        this.prefix = prefix;
        this.where = where;
        this.changed = changed;
        this.backoff = new Backoff(LEAST_BACKOFF, GREATEST_BACKOFF, loop::random);
        this.confirmedNanos = loop.nanoTime();
    }

    /** Lists anew and watches from there. To be called on the loop, the first time too. */
    void resync() {
        stopWatch();
        if (due != null) {
            due.cancel();
        }
        if (stopped) {
            return;
        }
        long mine = attempt;
        long sentNanos = loop.nanoTime();
        Replies.on(
                loop,
                store.list(prefix),
                listing -> {
                    if (mine == attempt) {
                        takeOver(listing, sentNanos);
                    }
                },
                thrown -> {
                    if (mine == attempt) {
                        // First of all, since reconnecting may fail.
                        lostSight(String.valueOf(thrown.getMessage()));
                        store.reconnect();
                    }
                });
    }

    void stop() {
        stopped = true;
        stopWatch();
    }

    EtcdStore.@Nullable StoredKey get(String key) {
        return keys.get(key);
    }

    Collection<EtcdStore.StoredKey> keys() {
        return keys.values();
    }

    /** All keys whose name begins so. */
    Collection<EtcdStore.StoredKey> under(String start) {
        return keys.subMap(start, start + Character.MAX_VALUE).values();
    }

    long revision() {
        return revision;
    }

    /** Whether nothing says that changes are missed at the moment. */
    boolean connected() {
        return connected && revision > 0;
    }

    /** Whether etcd was asked after that moment of the loop's clock and its answer has been told. */
    boolean confirmedSince(long nanoTime) {
        return revision > 0 && confirmedNanos - nanoTime > 0;
    }

    /** What went wrong last; null while all is well. */
    @Nullable String failure() {
        return failure;
    }

    private void takeOver(EtcdStore.Listing listing, long sentNanos) {
        if (listing.revision() < revision) {
            log.error(
                    "The history of {} went back from revision {} to {}: was its data lost?",
                    where,
                    revision,
                    listing.revision());
        }
        List<EtcdStore.StoredKey> before = List.copyOf(keys.values());
        boolean again = revision == 0 || !connected;
        keys.clear();
        listing.keys().forEach(stored -> keys.put(stored.key(), stored));
        revision = listing.revision();
        startWatch();
        due = loop.schedule(AUDIT_MILLIS, this::resync);
        backoff.reset();
        failure = null;
        if (!connected) {
            connected = true;
            log.info("Watching {} again, from revision {}", where, revision);
        }
        if (again || !before.equals(List.copyOf(keys.values()))) {
            changed.run();
        }
        confirmedNanos = sentNanos;
    }

    private void startWatch() {
        long mine = attempt;
        watch = store.watch(prefix, revision + 1, new EtcdStore.WatchSink() {
            @Override
            public void changed(List<EtcdStore.Change> changes) {
                loop.execute(() -> {
                    if (mine == attempt) {
                        apply(changes);
                    }
                });
            }

            @Override
            public void ended(String reason) {
                loop.execute(() -> {
                    if (mine == attempt) {
                        lostSight("the watch ended: " + reason);
                    }
                });
            }
        });
    }

    private void apply(List<EtcdStore.Change> changes) {
        for (EtcdStore.Change change : changes) {
            if (change.modRevision() <= revision) {
                continue;
            }
            if (change.stored() == null) {
                keys.remove(change.key());
            } else {
                keys.put(change.key(), change.stored());
            }
        }
        revision = Math.max(revision, changes.get(changes.size() - 1).modRevision());
        changed.run();
    }

    /** Nothing is known of changes from here on: list again after a while. */
    private void lostSight(String reason) {
        failure = reason;
        if (connected) {
            connected = false;
            log.warn("Lost sight of {} ({}); going on with what was known at revision {}", where, reason, revision);
        }
        stopWatch();
        if (due != null) {
            due.cancel();
        }
        due = loop.schedule(backoff.nextMillis(), this::resync);
    }

    private void stopWatch() {
        attempt++;
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }
}
