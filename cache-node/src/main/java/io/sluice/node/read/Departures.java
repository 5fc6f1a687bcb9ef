package io.sluice.node.read;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.load.Departing;
import io.sluice.node.load.LoadStamp;
import io.sluice.node.load.Loaded;
import java.util.List;
import java.util.Optional;

/** The flights that one load serves, which go by one position. Used by the thread that loads. */
final class Departures implements Departing {
    private final List<Led> led;
    private final long startNanos;

    /** A read, and the flight that its caller leads; thread-safe, as the flight is. */
    record Led(Read read, Flight<Optional<Loaded>> flight) {}

    Departures(List<Led> led, long startNanos) {
        this.led = List.copyOf(led);
        this.startNanos = startNanos;
    }

    @Override
    public void goesBy(LoadStamp stamp) {
        led.forEach(one -> one.flight().departed(stamp, startNanos));
    }

    /** In this order: see {@link io.sluice.coherence.PolledPosition}. */
    @Override
    public boolean mayGoBy(SourcePosition polled) {
        goesBy(LoadStamp.of(polled));
        return led.stream()
                .allMatch(one -> one.read().satisfiedBy(polled)
                        && one.read().group().store().admits(one.read().storeKey(), polled, startNanos));
    }
}
