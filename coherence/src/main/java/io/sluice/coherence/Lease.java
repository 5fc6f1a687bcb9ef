package io.sluice.coherence;

import java.util.ArrayList;
import java.util.List;

/**
 * One copy of one key at one holder, as the granter remembers it. Guarded by the lock of its table; equality is
 * identity, since a holder may be granted a key anew while an earlier lease on it is being revoked.
 */
final class Lease {
    private final LeaseHolder holder;
    private final String group;
    private final String key;
    private final SourcePosition stamp;
    private final long endNanos;
    private final List<LeaseWait> waits = new ArrayList<>(1);
    private boolean revoked;

    Lease(LeaseHolder holder, String group, String key, SourcePosition stamp, long endNanos) {
        this.holder = holder;
        this.group = group;
        this.key = key;
        this.stamp = stamp;
        this.endNanos = endNanos;
    }

    LeaseHolder holder() {
        return holder;
    }

    String group() {
        return group;
    }

    String key() {
        return key;
    }

    /** What the copy is known to reflect. */
    SourcePosition stamp() {
        return stamp;
    }

    /** From when on the holder is sure not to use it. */
    long endNanos() {
        return endNanos;
    }

    boolean isOver(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    /** Whether its holder was told already; then it need not be told again. */
    boolean isRevoked() {
        return revoked;
    }

    void revoked() {
        revoked = true;
    }

    /** Who waits for its end. */
    List<LeaseWait> waits() {
        return waits;
    }
}
