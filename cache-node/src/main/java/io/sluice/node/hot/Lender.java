package io.sluice.node.hot;

import io.sluice.node.read.Read;

/** Asks the owner of a key for an answer under lease, which becomes a copy. Thread-safe; never blocks. */
@FunctionalInterface
public interface Lender {
    /**
     * Asks for the key of a read, whatever else the read wants.
     *
     * @param settled called when there is an answer, kept or not, or will not be one
     */
    void ask(Read read, long leaseMillis, Runnable settled);
}
