package io.sluice.simulation;

import io.sluice.cluster.SimWorld;
import io.sluice.coherence.SourcePosition;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.heartbeat.PrimaryState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated MySQL: a primary, a replica with lag, and Canal, which reads the primary's binlog. An event may be out
 * before its commit is seen; commits are seen in the order of the binlog. A failover makes the replica the primary, and
 * what it had not got is lost, though its events may be out.
 */
final class SimDatabase {
    static final int KEYS = 8;
    /** How often a commit is seen long after its event may be out. */
    double slowToShow = 0.12;

    private final SimWorld world;
    private final Consumer<Published> stream;
    private final List<List<Transaction>> changesOf = new ArrayList<>();
    private final Set<Integer> prepared = new HashSet<>();
    private final Set<Transaction> published = new HashSet<>();
    /** Of this binlog, in its order: what is committed, seen or not. */
    private final List<Transaction> binlog = new ArrayList<>();

    private SimServer primary = new SimServer(uuid(1));
    private SimServer replica = new SimServer(uuid(2));
    private int servers = 2;
    /** There is no replica that could take over. */
    private boolean rebuilding;

    private SourcePosition streamed = SourcePosition.UNKNOWN;
    private long sequence;
    private long publishedNanos;
    private long xaCommits;
    /** How often another server became the primary. */
    private int epoch;
    /** The replica is far behind until then. */
    private long laggingUntil;

    /** A transaction with the GTID set that Canal names. */
    record Published(Transaction transaction, SourcePosition position) {}

    SimDatabase(SimWorld world, Consumer<Published> stream) {
        this.world = world;
        this.stream = stream;
        for (int key = 0; key < KEYS; key++) {
            changesOf.add(new ArrayList<>());
            Transaction first = make(Transaction.Kind.CHANGE, key, null);
            first.done = true;
            primary.apply(first);
            replica.apply(first);
            published.add(first);
            streamed = streamed.union(first.gtid);
        }
    }

    private static String uuid(int number) {
        return "3e11fa47-71ca-11e1-9e33-%012d".formatted(number);
    }

    SimServer primary() {
        return primary;
    }

    SimServer replica() {
        return replica;
    }

    /** Of the newest transaction. */
    long lastSequence() {
        return sequence;
    }

    private Transaction make(Transaction.Kind kind, int key, @Nullable Heartbeat heartbeat) {
        SourcePosition gtid = SourcePosition.parse(primary.uuid + ":" + primary.nextNumber++);
        Transaction transaction = new Transaction(kind, ++sequence, gtid, key, heartbeat);
        if (transaction.changesRow()) {
            changesOf.get(key).add(transaction);
        }
        return transaction;
    }

    /** Commits; {@code whenSeen} is the acknowledgement, which never comes when the primary is lost before. */
    Transaction commit(Transaction.Kind kind, int key, @Nullable Heartbeat heartbeat, Runnable whenSeen) {
        Transaction transaction = make(kind, key, heartbeat);
        binlog.add(transaction);
        SimServer server = primary;
        int at = epoch;
        server.seenNanos =
                Math.max(server.seenNanos + 1, world.now() + world.between(0, world.chance(slowToShow) ? 300 : 4));
        world.at(server.seenNanos, () -> {
            if (at == epoch) {
                server.apply(transaction);
                transaction.acknowledgedNanos = world.now();
                whenSeen.run();
            }
        });
        publishLater(transaction);
        replicate(transaction);
        return transaction;
    }

    private void publishLater(Transaction transaction) {
        int at = epoch;
        publishedNanos = Math.max(publishedNanos + 1, world.now() + world.between(0, world.chance(0.05) ? 400 : 12));
        world.at(publishedNanos, () -> {
            if (at == epoch) {
                publish(transaction);
            }
        });
    }

    private void publish(Transaction transaction) {
        if (published.add(transaction)) {
            streamed = streamed.union(transaction.gtid);
            stream.accept(new Published(transaction, streamed));
        }
    }

    /** In order; and not before it is seen on the primary, which waits for nobody. */
    private void replicate(Transaction transaction) {
        SimServer to = replica;
        if (rebuilding) {
            return;
        }
        int at = epoch;
        long lag = world.between(0, world.now() < laggingUntil ? 1_500 : world.chance(0.1) ? 300 : 15);
        to.seenNanos = Math.max(to.seenNanos + 1, Math.max(primary.seenNanos + 1, world.now() + lag));
        world.at(to.seenNanos, () -> {
            if (at == epoch) {
                to.apply(transaction);
            }
        });
    }

    void lag(long nanos) {
        laggingUntil = world.now() + nanos;
    }

    boolean isPrepared(int key) {
        return prepared.contains(key);
    }

    /** A transaction in two phases, the second some time after the first. */
    void xa(int key) {
        prepared.add(key);
        int at = epoch;
        commit(Transaction.Kind.XA_PREPARE, key, null, () -> {});
        world.in(world.between(20, 600), () -> {
            if (at == epoch) {
                xaCommits++;
                commit(Transaction.Kind.XA_COMMIT, key, null, () -> {});
            }
            prepared.remove(key);
        });
    }

    /** A row for each id, in one transaction or, which is the same for whoever reads the stream, several. */
    void beat(List<Integer> ids, String instance, long beat, Consumer<PrimaryState> committed) {
        for (int i = 0; i < ids.size(); i++) {
            boolean last = i == ids.size() - 1;
            Heartbeat heartbeat = new Heartbeat(ids.get(i), Simulation.SOURCE, instance, beat);
            commit(Transaction.Kind.HEARTBEAT, -1, heartbeat, () -> {
                if (last) {
                    committed.accept(state());
                }
            });
        }
    }

    /** Who was the primary before the last failover, until it is made anew; null after that. */
    @Nullable SimServer demoted() {
        return rebuilding ? replica : null;
    }

    PrimaryState state() {
        return new PrimaryState(primary.executed, primary.uuid, xaCommits);
    }

    /**
     * The primary is lost; the replica takes its place with what it has. The lost one comes back as a replica later.
     * False when there is no replica, and nothing has happened.
     */
    boolean failOver() {
        if (rebuilding) {
            return false;
        }
        rebuilding = true;
        epoch++;
        SimServer gone = primary;
        primary = replica;
        replica = gone;
        binlog.stream()
                .filter(transaction -> !primary.has(transaction))
                .forEach(transaction -> transaction.lost = true);
        binlog.clear();
        primary.seenNanos = world.now();
        publishedNanos = world.now();
        // Canal goes on by GTID in the new primary's binlog.
        List.copyOf(primary.executedInOrder).forEach(this::publish);
        xaCommits = 0;
        world.in(world.between(200, 1_500), () -> {
            rebuilding = false;
            // Made anew, as another server: what it had lost of its own must not be given away again.
            replica = new SimServer(uuid(++servers));
            replica.cloneOf(primary);
            binlog.stream().filter(transaction -> !primary.has(transaction)).forEach(this::replicate);
        });
        return true;
    }

    /** The version that the database has of a row when all is seen. */
    Transaction latest(int key) {
        return latest(key, false);
    }

    /** The last change of a row whose Remove is done for good. */
    Transaction settled(int key) {
        return latest(key, true);
    }

    private Transaction latest(int key, boolean done) {
        List<Transaction> changes = changesOf.get(key);
        for (int i = changes.size() - 1; i > 0; i--) {
            Transaction change = changes.get(i);
            if (!change.lost && (!done || change.done)) {
                return change;
            }
        }
        return changes.getFirst();
    }

    /** For how long a change of the row after this version has been acknowledged; 0 when none has. */
    long staleNanos(Transaction version) {
        for (Transaction change : changesOf.get(version.key)) {
            if (change.sequence > version.sequence && !change.lost && change.acknowledgedNanos > 0) {
                return world.now() - change.acknowledgedNanos;
            }
        }
        return 0;
    }

    /** The change that made a row what it is in an answer; the last deletion where there is none. */
    Transaction version(int key, boolean found, long version) {
        List<Transaction> changes = changesOf.get(key);
        for (int i = changes.size() - 1; i >= 0; i--) {
            Transaction change = changes.get(i);
            if (found ? change.sequence == version : change.kind == Transaction.Kind.DELETION) {
                return change;
            }
        }
        throw new AssertionError("an answer of key " + key + " that was never in the database");
    }
}
