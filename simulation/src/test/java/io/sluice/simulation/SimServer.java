package io.sluice.simulation;

import io.sluice.coherence.SourcePosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One simulated MySQL server: what it has executed, in its order, and its rows as they are seen. */
final class SimServer {
    final String uuid;
    final Transaction[] rows = new Transaction[SimDatabase.KEYS];
    final List<Transaction> executedInOrder = new ArrayList<>();
    private final Set<Transaction> executedOnes = new HashSet<>();
    SourcePosition executed = SourcePosition.UNKNOWN;
    long nextNumber = 1;
    /** When what was last committed or received will be seen. */
    long seenNanos;

    SimServer(String uuid) {
        this.uuid = uuid;
    }

    void apply(Transaction transaction) {
        if (!executedOnes.add(transaction)) {
            return;
        }
        executedInOrder.add(transaction);
        executed = executed.union(transaction.gtid);
        if (transaction.changesRow()) {
            rows[transaction.key] = transaction;
        }
    }

    boolean has(Transaction transaction) {
        return executedOnes.contains(transaction);
    }

    /** Begins anew with what another server has. */
    void cloneOf(SimServer other) {
        executedInOrder.clear();
        executedInOrder.addAll(other.executedInOrder);
        executedOnes.clear();
        executedOnes.addAll(other.executedOnes);
        executed = other.executed;
        System.arraycopy(other.rows, 0, rows, 0, rows.length);
    }
}
