package io.sluice.node.lease;

/** What becomes of leases, to be counted. Thread-safe; never blocks. */
public interface LeaseEvents {
    /** An answer to a lease holder; {@code lent} is false when it may not be kept. */
    void answered(String group, boolean lent);

    /** Something had to wait for leases; {@code confirmed} is false when one of them ended by time. */
    void waited(long nanos, boolean confirmed);
}
