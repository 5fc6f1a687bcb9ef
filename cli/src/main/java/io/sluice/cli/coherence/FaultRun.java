package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.faults.Patience;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Has faults happen one after the other, with time to recover in between. Used by one thread. */
final class FaultRun {
    private static final Duration CALM = Duration.ofSeconds(2);

    private final Faults faults;
    private final PrintStream progress;
    private final long startNanos = System.nanoTime();

    FaultRun(Faults faults, PrintStream progress) {
        this.faults = requireNonNull(faults, "faults is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    /**
     * Goes on until the time is over and the last fault is recovered from. Throws IllegalStateException when something
     * does not come back.
     *
     * @return the names of what happened, in order
     */
    List<String> last(Duration time) {
        List<String> happened = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        Patience.pass(min(CALM, time));
        while (System.nanoTime() < end) {
            Fault fault = faults.next();
            happened.add(fault.name());
            progress.printf(Locale.ROOT, "  %6.1f s  %s%n", seconds(), fault.name());
            try {
                fault.action().happen();
            } catch (Exception e) {
                throw new IllegalStateException("Not recovered after: " + fault.name() + ": " + e.getMessage(), e);
            }
            progress.printf(Locale.ROOT, "  %6.1f s    everything runs again%n", seconds());
            Patience.pass(min(CALM, Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
        }
        return happened;
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
