package io.sluice.coherence;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a Remove, or a change of the ring, has to wait for: leases that were revoked and are neither confirmed nor over
 * yet. Safe for use by many threads; its leases are guarded by the lock of their table.
 */
public final class LeaseWait {
    /** Nothing to wait for. */
    public static final LeaseWait NONE = new LeaseWait();

    static {
        NONE.done.complete(true);
    }

    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final Set<Lease> leases = new LinkedHashSet<>();
    private long endNanos;

    LeaseWait() {}

    /** Done when none of the leases stands any more, on the thread that noticed. Always true, never a failure. */
    public CompletableFuture<Boolean> over() {
        return done;
    }

    /** Whether there is nothing to wait for any more. */
    public boolean isOver() {
        return done.isDone();
    }

    /** When the last of the leases ends by itself, by the granter's clock: {@link LeaseTable#expire} is due then. */
    public long endNanos() {
        return endNanos;
    }

    void add(Lease lease) {
        if (leases.isEmpty() || lease.endNanos() - endNanos > 0) {
            endNanos = lease.endNanos();
        }
        if (leases.add(lease)) {
            lease.waits().add(this);
        }
    }

    Set<Lease> leases() {
        return leases;
    }
}
