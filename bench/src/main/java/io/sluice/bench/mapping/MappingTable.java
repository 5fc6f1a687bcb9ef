package io.sluice.bench.mapping;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints results for people: a line each under a head, which comes with the first. Used by one thread. */
public final class MappingTable {
    private static final String LINE = "%4s %7s %-27s %12s %12s %25s %9s%n";

    private final PrintStream out;
    private boolean headPrinted;

    public MappingTable(PrintStream out) {
        this.out = requireNonNull(out, "out is null");
    }

    /** Messages of one number of rows: a line for each way to read them. */
    public void print(List<MappingResult> results) {
        if (!headPrinted) {
            headPrinted = true;
            out.printf(Locale.ROOT, LINE, "rows", "bytes", "reading", "messages/s", "rows/s", "of rounds", "B/row");
        }
        for (MappingResult result : results) {
            out.printf(
                    Locale.ROOT,
                    LINE,
                    result.rows(),
                    result.messageBytes(),
                    result.reading(),
                    whole(result.messagesPerSecond()),
                    whole(result.rowsPerSecond()),
                    whole(result.lowest()) + " - " + whole(result.highest()),
                    whole(result.bytesPerRow()));
        }
        out.println();
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
