package io.sluice.cluster;

import io.sluice.coherence.Moment;

/**
 * The one thread on which a part of this package lives, with its clocks. Everything of that part runs here, one task
 * after the other, so its state needs no locks; a simulation puts its own loop and clocks here.
 *
 * <p>Thread-safe.
 */
interface Loop {
    /** Monotonic, as {@link System#nanoTime}. */
    long nanoTime();

    /** The wall clock: it goes on while the machine is suspended, where the other one may stop. */
    long wallMillis();

    /** By both clocks. */
    default Moment now() {
        return new Moment(nanoTime(), wallMillis());
    }

    /** A random number of at least 0 and less than the bound. */
    long random(long bound);

    /** Runs a task soon; after {@link #close} it is dropped. */
    void execute(Runnable task);

    /** Runs a task later. */
    Timer schedule(long delayMillis, Runnable task);

    /** Ends the thread, waiting for a bounded time. */
    void close();

    /** A task that waits. */
    interface Timer {
        /** It will not run any more. */
        void cancel();
    }
}
