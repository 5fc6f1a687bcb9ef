package io.sluice.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An etcd in memory that can be away, compact, lose its data or end a lease, when a test says so. Leases end only then;
 * as with the real one nothing is written under a lease that is not there, and nothing is watched while it is away.
 * Thread-safe.
 */
final class FakeEtcd {
    private final Map<String, EtcdStore.StoredKey> keys = new TreeMap<>();
    private final Set<Long> leases = new HashSet<>();
    private final List<Watching> watches = new ArrayList<>();
    private long revision = 1;
    private long nextLease = 1;
    private boolean away;
    private @Nullable RuntimeException nextFailure;
    private int listings;
    private int open;

    /** A connection of its own, as each part of a process has. */
    EtcdStore connect() {
        return new Connection();
    }

    synchronized void goAway() {
        away = true;
        endWatches("unavailable");
    }

    synchronized void comeBack() {
        away = false;
    }

    /** The next request fails as no store should. */
    synchronized void failNext(RuntimeException failure) {
        nextFailure = failure;
    }

    synchronized boolean hasFailed() {
        return nextFailure == null;
    }

    synchronized void endWatches(String reason) {
        List<Watching> ended = List.copyOf(watches);
        watches.clear();
        ended.forEach(watching -> watching.sink.ended(reason));
    }

    /** The watches hear nothing any more and are not told so. */
    synchronized void deafenWatches() {
        watches.clear();
    }

    synchronized void loseData() {
        keys.clear();
        leases.clear();
        revision = 1;
    }

    synchronized void put(String key, String value) {
        revision++;
        write(key, value, 0);
    }

    synchronized void delete(String key) {
        if (keys.remove(key) != null) {
            revision++;
            tell(new EtcdStore.Change(key, revision, null));
        }
    }

    synchronized void endLease(long lease) {
        leases.remove(lease);
        keys.values().stream()
                .filter(stored -> stored.lease() == lease)
                .map(EtcdStore.StoredKey::key)
                .toList()
                .forEach(this::delete);
    }

    synchronized EtcdStore.@Nullable StoredKey standing(String key) {
        return keys.get(key);
    }

    synchronized int leases() {
        return leases.size();
    }

    synchronized int watches() {
        return watches.size();
    }

    synchronized int listings() {
        return listings;
    }

    /** How many connections are open. */
    synchronized int open() {
        return open;
    }

    private void write(String key, String value, long lease) {
        EtcdStore.StoredKey before = keys.get(key);
        long created = before == null ? revision : before.createRevision();
        EtcdStore.StoredKey stored = new EtcdStore.StoredKey(key, value, lease, created, revision);
        keys.put(key, stored);
        tell(new EtcdStore.Change(key, revision, stored));
    }

    private void tell(EtcdStore.Change change) {
        List.copyOf(watches).stream()
                .filter(watching -> change.key().startsWith(watching.prefix))
                .forEach(watching -> watching.sink.changed(List.of(change)));
    }

    private synchronized <T> CompletableFuture<T> answer(Supplier<T> request) {
        RuntimeException failure = nextFailure;
        if (failure != null) {
            nextFailure = null;
            return CompletableFuture.failedFuture(failure);
        }
        if (away) {
            return CompletableFuture.failedFuture(new EtcdUnavailableException("etcd is away", null));
        }
        try {
            return CompletableFuture.completedFuture(request.get());
        } catch (CompletionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void requireLease(long lease) {
        if (lease != 0 && !leases.contains(lease)) {
            throw new CompletionException(new EtcdUnavailableException("requested lease not found", null));
        }
    }

    private boolean holds(EtcdStore.Condition condition) {
        EtcdStore.StoredKey stored = keys.get(condition.key());
        if (stored == null) {
            return condition.revision() == 0;
        }
        return condition.revision()
                == (condition.of() == EtcdStore.Condition.Of.CREATION ? stored.createRevision() : stored.modRevision());
    }

    private record Watching(String prefix, EtcdStore.WatchSink sink) {}

    private final class Connection implements EtcdStore {
        Connection() {
            synchronized (FakeEtcd.this) {
                open++;
            }
        }

        @Override
        public CompletableFuture<Listing> list(String prefix) {
            return answer(() -> {
                listings++;
                return new Listing(
                        revision,
                        keys.values().stream()
                                .filter(stored -> stored.key().startsWith(prefix))
                                .toList());
            });
        }

        @Override
        public Watch watch(String prefix, long fromRevision, WatchSink sink) {
            synchronized (FakeEtcd.this) {
                if (away) {
                    sink.ended("unavailable");
                    return () -> {};
                }
                Watching watching = new Watching(prefix, sink);
                watches.add(watching);
                // What happened since the listing. Deletions between the two are not replayed: no test needs them.
                keys.values().stream()
                        .filter(stored -> stored.key().startsWith(prefix) && stored.modRevision() >= fromRevision)
                        .forEach(stored ->
                                sink.changed(List.of(new Change(stored.key(), stored.modRevision(), stored))));
                return () -> forget(watching);
            }
        }

        private void forget(Watching watching) {
            synchronized (FakeEtcd.this) {
                watches.remove(watching);
            }
        }

        @Override
        public CompletableFuture<Long> grantLease(Duration ttl) {
            return answer(() -> {
                leases.add(nextLease);
                return nextLease++;
            });
        }

        @Override
        public CompletableFuture<Boolean> keepAlive(long lease) {
            return answer(() -> leases.contains(lease));
        }

        @Override
        public CompletableFuture<Boolean> revoke(long lease) {
            return answer(() -> {
                boolean there = leases.contains(lease);
                endLease(lease);
                return there;
            });
        }

        @Override
        public CompletableFuture<StoredKey> createIfAbsent(String key, String value, long lease) {
            return answer(() -> {
                if (!keys.containsKey(key)) {
                    requireLease(lease);
                    revision++;
                    write(key, value, lease);
                }
                return Objects.requireNonNull(keys.get(key));
            });
        }

        @Override
        public CompletableFuture<Boolean> putIf(List<Condition> conditions, String key, String value, long lease) {
            return answer(() -> {
                boolean all = conditions.stream().allMatch(FakeEtcd.this::holds);
                if (all) {
                    requireLease(lease);
                    revision++;
                    write(key, value, lease);
                }
                return all;
            });
        }

        @Override
        public void reconnect() {}

        @Override
        public void close() {
            synchronized (FakeEtcd.this) {
                open--;
            }
        }
    }
}
