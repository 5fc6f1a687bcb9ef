package io.sluice.cli.sync;

import java.util.Locale;

/** Of delays, in milliseconds. Immutable. */
public record Percentiles(double p50, double p99, double max) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms, max %.2f ms", p50, p99, max);
    }
}
