package io.sluice.cli.faults;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The course of one scenario: its load, how long its faults last, and when they ended. Used by one thread. */
final class FaultCourse {
    private final FaultLoad load;
    private final Duration lasting;
    private long liftedNanos;

    /** @param lasting how long a fault lasts that could last for any time */
    FaultCourse(FaultLoad load, Duration lasting) {
        this.load = requireNonNull(load, "load is null");
        this.lasting = requireNonNull(lasting, "lasting is null");
    }

    FaultLoad load() {
        return load;
    }

    Duration lasting() {
        return lasting;
    }

    /** From now on nothing is wrong but what the fault has left behind; starting what is dead counts as recovery. */
    void lifted() {
        liftedNanos = System.nanoTime();
    }

    double secondsSinceLifted() {
        return (System.nanoTime() - liftedNanos) / 1e9;
    }
}
