package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Prints results as lines for people and, at the end, the average of each policy over traces and sizes. */
public final class TraceTable implements Consumer<TraceResult> {
    private static final String ROW = "%-16s %-10s %7s %9s %9s %7s%n";

    private record Sum(double percent, int replays) {}

    private final PrintStream out;
    private final Map<String, Sum> sums = new LinkedHashMap<>();

    public TraceTable(PrintStream out) {
        this.out = requireNonNull(out, "out is null");
        out.printf(Locale.ROOT, ROW, "trace", "policy", "size", "requests", "hits", "hit %");
    }

    @Override
    public void accept(TraceResult result) {
        out.printf(
                Locale.ROOT,
                ROW,
                result.trace(),
                result.policy(),
                result.size(),
                result.requests(),
                result.hits(),
                String.format(Locale.ROOT, "%.2f", result.hitPercent()));
        sums.merge(
                result.policy(),
                new Sum(result.hitPercent(), 1),
                (a, b) -> new Sum(a.percent + b.percent, a.replays + b.replays));
    }

    /** Prints the averages, each trace and size counting the same. */
    public void printAverages() {
        out.println();
        sums.forEach((policy, sum) -> out.printf(
                Locale.ROOT,
                "average of %d replays, %-10s %6.2f %%%n",
                sum.replays,
                policy,
                sum.percent / sum.replays));
    }
}
