package io.sluice.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A simulated etcd: one history of revisions, leases that end by its own clock, watches that tell it in order until
 * they break, compaction, and a network to every process that loses requests and answers.
 */
public final class SimEtcd {
    private static final long TIMEOUT = 3_000 * SimWorld.MILLIS;

    private final SimWorld world;
    private final Map<String, EtcdStore.StoredKey> keys = new TreeMap<>();
    private final Map<Long, Lease> leases = new TreeMap<>();
    private final List<EtcdStore.Change> history = new ArrayList<>();
    private final List<Watching> watches = new ArrayList<>();
    private final List<Consumer<EtcdStore.StoredKey>> observers = new ArrayList<>();
    private long revision = 1;
    private long compacted;
    private long nextLease = 1;
    private long downUntil;

    public SimEtcd(SimWorld world) {
        this.world = world;
    }

    /** Told of every write, at once: for invariants. */
    void observe(Consumer<EtcdStore.StoredKey> observer) {
        observers.add(observer);
    }

    EtcdStore connect(SimProcess process) {
        return new Connection(process);
    }

    public void goDown(long nanos) {
        downUntil = world.now() + nanos;
        breakWatches();
        // A restarted etcd gives every lease its whole time again.
        world.at(downUntil, () -> leases.values().forEach(lease -> lease.endNanos = world.now() + lease.ttlNanos));
        leases.values().forEach(lease -> lease.endNanos = Long.MAX_VALUE);
    }

    public void compact() {
        compacted = revision;
    }

    public void breakWatches() {
        List<Watching> broken = List.copyOf(watches);
        watches.clear();
        broken.forEach(watching -> deliver(watching, () -> watching.sink.ended("broken")));
    }

    /** Watches hear nothing any more and are not told. */
    public void deafenWatches() {
        watches.removeIf(watching -> world.chance(0.5));
    }

    /** As {@link #deafenWatches}, for the topology alone and those processes. */
    public void deafenToTopology(Collection<? extends SimProcess> processes) {
        watches.removeIf(
                watching -> watching.prefix.equals(ClusterKeys.TOPOLOGY) && processes.contains(watching.process));
    }

    /** The topology reaches a process only after that long, then all that is new of it at once. */
    public void slowTopology(SimProcess process, long nanos) {
        for (Watching watching : watches) {
            if (watching.process.equals(process) && watching.prefix.equals(ClusterKeys.TOPOLOGY)) {
                watching.lastNanos = Math.max(watching.lastNanos, world.now() + nanos);
            }
        }
    }

    void delete(String key) {
        if (keys.remove(key) != null) {
            revision++;
            tell(new EtcdStore.Change(key, revision, null));
        }
    }

    void endLease(long lease) {
        leases.remove(lease);
        keys.values().stream()
                .filter(stored -> stored.lease() == lease)
                .map(EtcdStore.StoredKey::key)
                .toList()
                .forEach(this::delete);
    }

    List<EtcdStore.StoredKey> under(String prefix) {
        return keys.values().stream()
                .filter(stored -> stored.key().startsWith(prefix))
                .toList();
    }

    private void write(String key, String value, long lease) {
        revision++;
        EtcdStore.StoredKey before = keys.get(key);
        long created = before == null ? revision : before.createRevision();
        EtcdStore.StoredKey stored = new EtcdStore.StoredKey(key, value, lease, created, revision);
        keys.put(key, stored);
        observers.forEach(observer -> observer.accept(stored));
        tell(new EtcdStore.Change(key, revision, stored));
    }

    private void tell(EtcdStore.Change change) {
        history.add(change);
        for (Watching watching : List.copyOf(watches)) {
            if (change.key().startsWith(watching.prefix)) {
                deliver(watching, () -> watching.sink.changed(List.of(change)));
            }
        }
    }

    /** In order, for a stream is one; when it breaks nothing more comes. */
    private void deliver(Watching watching, Runnable news) {
        watching.lastNanos =
                Math.max(watching.lastNanos + 1, world.now() + world.between(0, world.chance(0.05) ? 300 : 3));
        world.at(watching.lastNanos, () -> {
            if (watching.process.reachesEtcd() && !watching.closed && !watching.deaf) {
                news.run();
            } else {
                watching.deaf = true;
                watches.remove(watching);
            }
        });
    }

    private boolean up() {
        return world.now() >= downUntil;
    }

    private boolean holds(EtcdStore.Condition condition) {
        EtcdStore.StoredKey stored = keys.get(condition.key());
        if (stored == null) {
            return condition.revision() == 0;
        }
        return condition.revision()
                == (condition.of() == EtcdStore.Condition.Of.CREATION ? stored.createRevision() : stored.modRevision());
    }

    private void expire(long id) {
        Lease lease = leases.get(id);
        if (lease == null) {
            return;
        }
        if (up() && world.now() >= lease.endNanos) {
            endLease(id);
        } else {
            long again = Math.min(lease.endNanos, world.now() + lease.ttlNanos);
            world.at(Math.max(again, world.now() + SimWorld.MILLIS), () -> expire(id));
        }
    }

    private static final class Lease {
        final long ttlNanos;
        long endNanos;

        Lease(long ttlNanos, long endNanos) {
            this.ttlNanos = ttlNanos;
            this.endNanos = endNanos;
        }
    }

    private static final class Watching {
        final SimProcess process;
        final String prefix;
        final EtcdStore.WatchSink sink;
        long lastNanos;
        boolean closed;
        boolean deaf;

        Watching(SimProcess process, String prefix, EtcdStore.WatchSink sink) {
            this.process = process;
            this.prefix = prefix;
            this.sink = sink;
        }
    }

    private final class Connection implements EtcdStore {
        private final SimProcess process;

        Connection(SimProcess process) {
            this.process = process;
        }

        /** A request that may be lost on the way there or, done, on the way back. */
        private <T> CompletableFuture<T> ask(Supplier<T> request) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            world.in(TIMEOUT, () -> answer.completeExceptionally(new EtcdUnavailableException("no answer", null)));
            if (!process.reachesEtcd() || (!world.calm && world.chance(0.01))) {
                return answer;
            }
            world.in(world.between(0, world.chance(0.03) ? 500 : 3), () -> {
                if (!up() || !process.reachesEtcd()) {
                    return;
                }
                T result = request.get();
                if ((world.calm || !world.chance(0.01))) {
                    world.in(world.between(0, world.chance(0.03) ? 500 : 3), () -> {
                        if (process.reachesEtcd()) {
                            answer.complete(result);
                        }
                    });
                }
            });
            return answer;
        }

        @Override
        public CompletableFuture<Listing> list(String prefix) {
            return ask(() -> new Listing(revision, under(prefix)));
        }

        @Override
        public Watch watch(String prefix, long fromRevision, WatchSink sink) {
            Watching watching = new Watching(process, prefix, sink);
            world.in(world.between(0, 3), () -> {
                if (watching.closed || !up() || !process.reachesEtcd()) {
                    world.in(TIMEOUT, () -> sink.ended("no answer"));
                } else if (fromRevision <= compacted) {
                    sink.ended("compacted");
                } else {
                    watches.add(watching);
                    history.stream()
                            .filter(change -> change.modRevision() >= fromRevision
                                    && change.key().startsWith(prefix))
                            .forEach(change -> deliver(watching, () -> sink.changed(List.of(change))));
                }
            });
            return () -> {
                watching.closed = true;
                watches.remove(watching);
            };
        }

        @Override
        public CompletableFuture<Long> grantLease(Duration ttl) {
            return ask(() -> {
                long id = nextLease++;
                leases.put(id, new Lease(ttl.toNanos(), world.now() + ttl.toNanos()));
                world.in(ttl.toNanos(), () -> expire(id));
                return id;
            });
        }

        @Override
        public CompletableFuture<Boolean> keepAlive(long id) {
            return ask(() -> {
                Lease lease = leases.get(id);
                if (lease != null) {
                    lease.endNanos = world.now() + lease.ttlNanos;
                }
                return lease != null;
            });
        }

        @Override
        public CompletableFuture<Boolean> revoke(long lease) {
            return ask(() -> {
                boolean there = leases.containsKey(lease);
                endLease(lease);
                return there;
            });
        }

        @Override
        public CompletableFuture<StoredKey> createIfAbsent(String key, String value, long lease) {
            return ask(() -> {
                if (!keys.containsKey(key) && leases.containsKey(lease)) {
                    write(key, value, lease);
                }
                StoredKey there = keys.get(key);
                return there == null ? new StoredKey(key, "", -1, 0, 0) : Objects.requireNonNull(there);
            });
        }

        @Override
        public CompletableFuture<Boolean> putIf(List<Condition> conditions, String key, String value, long lease) {
            return ask(() -> {
                boolean all = (lease == 0 || leases.containsKey(lease))
                        && conditions.stream().allMatch(SimEtcd.this::holds);
                if (all) {
                    write(key, value, lease);
                }
                return all;
            });
        }

        @Override
        public void reconnect() {}

        @Override
        public void close() {}
    }
}
