package io.sluice.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An etcd in memory that can be away, compact, lose its data or end a lease, when a test says so. Thread-safe. */
final class FakeEtcd implements EtcdStore {
    private final Map<String, StoredMember> records = new TreeMap<>();
    private final Set<Long> leases = new HashSet<>();
    private final List<WatchSink> watches = new ArrayList<>();
    private long revision = 1;
    private long nextLease = 1;
    private boolean away;
    private @Nullable RuntimeException nextFailure;
    private boolean closed;
    private int listings;

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
        List<WatchSink> ended = List.copyOf(watches);
        watches.clear();
        ended.forEach(sink -> sink.ended(reason));
    }

    /** The watches hear nothing any more and are not told so. */
    synchronized void deafenWatches() {
        watches.clear();
    }

    synchronized void loseData() {
        records.clear();
        leases.clear();
        revision = 1;
    }

    synchronized void put(String name, String value) {
        revision++;
        write(new StoredMember(name, value, 0, revision, revision));
    }

    synchronized void delete(String name) {
        if (records.remove(name) != null) {
            revision++;
            tell(new Change(name, revision, null));
        }
    }

    synchronized void endLease(long lease) {
        leases.remove(lease);
        records.values().stream()
                .filter(stored -> stored.lease() == lease)
                .map(StoredMember::name)
                .toList()
                .forEach(this::delete);
    }

    synchronized @Nullable StoredMember standing(String name) {
        return records.get(name);
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

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public synchronized Listing list() throws EtcdUnavailableException {
        check();
        listings++;
        return new Listing(revision, List.copyOf(records.values()));
    }

    @Override
    public synchronized Watch watch(long fromRevision, WatchSink sink) {
        watches.add(sink);
        return () -> forget(sink);
    }

    @Override
    public synchronized @Nullable StoredMember read(String name) throws EtcdUnavailableException {
        check();
        return records.get(name);
    }

    @Override
    public synchronized long grantLease(Duration ttl) throws EtcdUnavailableException {
        check();
        leases.add(nextLease);
        return nextLease++;
    }

    @Override
    public synchronized boolean keepAlive(long lease) throws EtcdUnavailableException {
        check();
        return leases.contains(lease);
    }

    @Override
    public synchronized void revoke(long lease) throws EtcdUnavailableException {
        check();
        endLease(lease);
    }

    @Override
    public synchronized StoredMember createIfAbsent(String name, String value, long lease)
            throws EtcdUnavailableException {
        check();
        StoredMember standing = records.get(name);
        if (standing != null) {
            return standing;
        }
        revision++;
        StoredMember created = new StoredMember(name, value, lease, revision, revision);
        write(created);
        return created;
    }

    @Override
    public void reconnect() {}

    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized void forget(WatchSink sink) {
        watches.remove(sink);
    }

    private void write(StoredMember stored) {
        records.put(stored.name(), stored);
        tell(new Change(stored.name(), stored.modRevision(), stored));
    }

    private void tell(Change change) {
        List.copyOf(watches).forEach(sink -> sink.changed(List.of(change)));
    }

    private void check() throws EtcdUnavailableException {
        RuntimeException failure = nextFailure;
        if (failure != null) {
            nextFailure = null;
            throw failure;
        }
        if (away) {
            throw new EtcdUnavailableException("etcd is away", null);
        }
    }
}
