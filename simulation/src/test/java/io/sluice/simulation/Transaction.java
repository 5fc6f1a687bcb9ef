package io.sluice.simulation;

import io.sluice.coherence.SourcePosition;
import io.sluice.sync.heartbeat.Heartbeat;
import org.jspecify.annotations.Nullable;

/** One transaction of the simulated database. What became of it is noted in it. */
final class Transaction {
    /** What it does. */
    enum Kind {
        CHANGE,
        DELETION,
        HEARTBEAT,
        /** The row is in the binlog, and in nobody's sight. */
        XA_PREPARE,
        /** It is seen; no row is in the binlog. */
        XA_COMMIT
    }

    final Kind kind;
    /** Of all servers, ascending; the version of the row. */
    final long sequence;

    final SourcePosition gtid;
    /** Of the row; -1 for none. */
    final int key;

    final @Nullable Heartbeat heartbeat;
    /** Its Remove is done for good. */
    boolean done;
    /** When its client was told that it is committed; 0 while it was not. */
    long acknowledgedNanos;
    /** A failover has lost it. */
    boolean lost;

    Transaction(Kind kind, long sequence, SourcePosition gtid, int key, @Nullable Heartbeat heartbeat) {
        this.kind = kind;
        this.sequence = sequence;
        this.gtid = gtid;
        this.key = key;
        this.heartbeat = heartbeat;
    }

    boolean changesRow() {
        return kind == Kind.CHANGE || kind == Kind.DELETION || kind == Kind.XA_COMMIT;
    }
}
