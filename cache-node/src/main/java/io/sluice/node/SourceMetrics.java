package io.sluice.node;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.StalenessBound;
import io.sluice.node.read.StalenessBounds;

/** What a node measures of its sources, read at the time of the scrape. Stateless. */
final class SourceMetrics {
    private SourceMetrics() {}

    /** Called once. */
    static void observe(RulesGroups opened, StalenessBounds bounds, Clocks clock, PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("sluice_node_staleness_bound_seconds")
                .help("How stale answers from memory can be at most; absent while that is not known")
                .unit(Unit.SECONDS)
                .labelNames("source")
                .callback(callback -> opened.openSources().forEach(open -> {
                    long nanos = bounds.of(open.source(), true).now().nanos(clock.nanos(), clock.wallMillis());
                    if (nanos != StalenessBound.UNKNOWN) {
                        callback.call(Unit.nanosToSeconds(nanos), open.source().name());
                    }
                }))
                .register(registry);
        CounterWithCallback.builder()
                .name("sluice_node_stamps_total")
                .help("Loads by where they had the position of their stamp from")
                .labelNames("source", "from")
                .callback(callback -> opened.openSources().forEach(open -> {
                    callback.call(
                            (double) open.pool().polledStamps(), open.source().name(), "poll");
                    callback.call(
                            (double) open.pool().ownStamps(), open.source().name(), "load");
                }))
                .register(registry);
    }
}
