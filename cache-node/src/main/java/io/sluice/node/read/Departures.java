package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.load.Departing;
import java.util.List;

/** The flights that one load serves, which go by one position. Thread-safe. */
record Departures(List<Led> led, long startNanos) implements Departing {
    /** A read, and the flight that its caller leads. */
    record Led(Read read, Flight<?> flight) {}

    @Override
    public void goesBy(SourcePosition stamp) {
        led.forEach(one -> one.flight().departed(stamp, startNanos));
    }

    /** In this order: see {@link io.sluice.coherence.PolledPosition}. */
    @Override
    public boolean mayGoBy(SourcePosition polled) {
        goesBy(polled);
        return led.stream()
                .allMatch(one -> one.read().satisfiedBy(polled)
                        && one.read().group().store().admits(one.read().storeKey(), polled, startNanos));
    }
}
