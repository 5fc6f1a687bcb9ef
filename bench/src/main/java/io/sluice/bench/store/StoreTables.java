package io.sluice.bench.store;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints results for people: a line each under a head, which comes with the first. Used by one thread. */
public final class StoreTables {
    private static final Layout SPEED = new Layout("%-16s %7s %-19s %9s %17s %8s %8s%n");
    private static final Layout HEAP = new Layout("%-21s %-8s %15s %15s%n");
    private static final Layout LATENCY = new Layout("%-19s %7s %8s %8s %8s %9s %9s %11s%n");

    private static final Layout TAGS = new Layout("%9s %9s %11s %12s %16s %12s %8s%n");

    /** The format of a line. */
    private record Layout(String format) {
        String line(Object... cells) {
            return String.format(Locale.ROOT, format, cells);
        }
    }

    private final PrintStream out;
    private boolean headPrinted;

    public StoreTables(PrintStream out) {
        this.out = requireNonNull(out, "out is null");
    }

    /** One benchmark at one number of threads: a line for each contestant. */
    public void speeds(List<StoreResult> results) {
        head(SPEED, "benchmark", "threads", "contestant", "Mops/s", "of rounds", "B/op", "sluice x");
        for (StoreResult result : results) {
            row(
                    SPEED,
                    result.benchmark(),
                    result.threads(),
                    result.contestant(),
                    decimals(2, result.opsPerSecond() / 1e6),
                    decimals(2, result.lowest() / 1e6) + " - " + decimals(2, result.highest() / 1e6),
                    decimals(1, result.bytesPerOperation()),
                    decimals(2, result.sluiceRatio()));
        }
        out.println();
    }

    /** A line for one contestant's memory. */
    public void heap(HeapResult result) {
        head(HEAP, "contestant", "headers", "over payload, B", "by JOL, B");
        Double graphBytes = result.graphBytes();
        row(
                HEAP,
                result.contestant(),
                result.compactHeaders() ? "compact" : "default",
                decimals(1, result.overheadBytes()),
                graphBytes == null ? "" : decimals(1, graphBytes));
    }

    /** A line for the removal of tags. */
    public void tags(TagResult result) {
        head(TAGS, "carriers", "of", "median, ms", "of cpu, ms", "other p99.9, us", "longest, us", "heap, B");
        row(
                TAGS,
                result.carriers(),
                result.entries(),
                decimals(1, result.medianMillis()),
                decimals(1, result.cpuMillis()),
                decimals(1, result.otherP999Micros()),
                decimals(0, result.otherMaxMicros()),
                decimals(1, result.overheadBytes()));
    }

    /** A line for one contestant's latency. */
    public void latency(LatencyResult result) {
        head(LATENCY, "get under load, ns", "hit %", "clock", "p50", "p99", "p99.9", "p99.99", "max");
        row(
                LATENCY,
                result.contestant(),
                decimals(1, result.hitPercent()),
                decimals(0, result.clockNanos()),
                decimals(0, result.p50Nanos()),
                decimals(0, result.p99Nanos()),
                decimals(0, result.p999Nanos()),
                decimals(0, result.p9999Nanos()),
                decimals(0, result.maxNanos()));
    }

    private void head(Layout layout, Object... names) {
        if (!headPrinted) {
            row(layout, names);
            headPrinted = true;
        }
    }

    private void row(Layout layout, Object... cells) {
        out.print(layout.line(cells));
    }

    private static String decimals(int places, double number) {
        return String.format(Locale.ROOT, "%,." + places + "f", number);
    }
}
