package io.sluice.node;

import static io.sluice.node.Bounds.within;
import static java.util.Objects.requireNonNullElse;

import io.sluice.node.record.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code recorder} of a node's configuration: the flight recorder. Immutable.
 *
 * @param events how many events of keys are remembered, without keys and values; 0 for none; default 65536
 */
public record RecorderSection(@Nullable Integer events) {
    static final RecorderSection DEFAULTS = new RecorderSection(null);

    int mostEvents() {
        return within("recorder.events", requireNonNullElse(events, 1 << 16), 0, FlightRecorder.MAX_EVENTS);
    }
}
