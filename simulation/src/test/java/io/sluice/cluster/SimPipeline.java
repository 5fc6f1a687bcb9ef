package io.sluice.cluster;

import io.sluice.coherence.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The simulated database with its change stream: each write is one transaction, one event, and the events are consumed
 * in order by one assigned sync instance from the last committed offset on. Reads go to a replica, which has a
 * transaction some time after its event is out, and all before it first.
 */
final class SimPipeline {
    static final int KEYS = 12;
    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-";

    /** The key of each transaction, the first one of no key. */
    private final List<Integer> log = new ArrayList<>(List.of(-1));

    /** For each key the last transaction whose Remove is done for good. */
    private final long[] settled = new long[KEYS];

    private final SimWorld world;
    private final long[] hashes = new long[KEYS];
    private int committed = 1;
    /** The replica has the transactions up to here. */
    private long replicated = 1;
    /** When the replica has the last one. */
    private long replicatedNanos;

    private @Nullable SimSync assigned;

    SimPipeline(SimWorld world) {
        this.world = world;
        for (int key = 0; key < KEYS; key++) {
            hashes[key] = KeyHash.of("g", "k" + key);
        }
    }

    long hash(int key) {
        return hashes[key];
    }

    void write(int key) {
        log.add(key);
        long transaction = log.size();
        replicatedNanos = Math.max(replicatedNanos, world.now() + world.between(0, world.chance(0.05) ? 1_000 : 20));
        world.at(replicatedNanos, () -> replicated = transaction);
    }

    /** The position of the primary: the number of its last transaction. */
    long position() {
        return log.size();
    }

    /** The stamp of a read that begins now. */
    long stamp() {
        return replicated;
    }

    static SourcePosition text(long position) {
        return SourcePosition.parse(SERVER + position);
    }

    static long number(SourcePosition position) {
        String text = position.toString();
        return Long.parseLong(text.substring(text.lastIndexOf('-') + 1));
    }

    int committed() {
        return committed;
    }

    boolean isSettled() {
        return committed == log.size();
    }

    /** The key of an event, or null after the last one. */
    @Nullable Integer event(int offset) {
        return offset < log.size() ? log.get(offset) : null;
    }

    void assign(@Nullable SimSync sync) {
        assigned = sync;
    }

    boolean isAssigned(SimSync sync) {
        return assigned == sync;
    }

    /** Only the assigned instance commits. */
    void commit(SimSync sync, int offset) {
        if (assigned == sync && offset == committed) {
            settled[log.get(offset)] = offset + 1L;
            committed = offset + 1;
        }
    }

    /** What an answer from memory must reflect by now. */
    long settled(int key) {
        return settled[key];
    }
}
