package io.sluice.client.lease;

/** The clocks that leases are counted by. Thread-safe. */
public interface LeaseClock {
    /** Those of this machine. */
    LeaseClock SYSTEM = new LeaseClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    };

    /** The monotonic one, which a suspended machine stops. */
    long nanos();

    /** The wall clock, which people set. */
    long wallMillis();
}
