package io.sluice.admin.rules;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What a process tells about its rules. Stateless. */
public final class RulesMetrics {
    private static final double NANOS = 1e9;

    private RulesMetrics() {}

    /** Has the state of the rules scraped. Called once for a registry. */
    public static void observe(LiveRules rules, PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("sluice_rules_reload")
                .help("Texts of the rules file that came after the start, by what became of them")
                .labelNames("result")
                .callback(callback -> {
                    LiveRules.Status status = rules.status();
                    callback.call((double) status.reloads(), "taken");
                    callback.call((double) status.refusals(), "refused");
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("sluice_rules_version")
                .help("1 for the rules in force; processes with the same fingerprint go by the same definitions")
                .labelNames("fingerprint")
                .callback(callback -> callback.call(1, rules.current().fingerprint()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("sluice_rules_age_seconds")
                .help("For how long the rules have been in force")
                .callback(callback ->
                        callback.call((System.nanoTime() - rules.status().sinceNanos()) / NANOS))
                .register(registry);
        GaugeWithCallback.builder()
                .name("sluice_rules_refused")
                .help("1 while the latest text is refused and older rules stay in force")
                .callback(callback -> callback.call(rules.status().refused() == null ? 0 : 1))
                .register(registry);
    }
}
