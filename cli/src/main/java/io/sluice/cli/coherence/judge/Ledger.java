package io.sluice.cli.coherence.judge;

import io.sluice.cli.sync.Delays;
import io.sluice.cli.sync.Percentiles;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** The histories of all rows, and for how long their changes could still be missed. Thread-safe. */
public final class Ledger {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final List<RowHistory> rows;
    private final Delays delays = new Delays();
    private final LongAdder changes = new LongAdder();
    private final LongAdder late = new LongAdder();
    private volatile long fromNanos = System.nanoTime();

    /** Rows 1 to {@code count}, each there, as version 0. */
    public Ledger(int count) {
        rows = IntStream.range(0, count)
                .mapToObj(i -> new RowHistory(this::told))
                .toList();
    }

    /** What was committed, or asked for, before this moment does not count. */
    public void countFromNow() {
        fromNanos = System.nanoTime();
    }

    /** Whether what happened at that moment counts. */
    boolean counts(long nanos) {
        return nanos - fromNanos >= 0;
    }

    private void told(long committedNanos, long delayNanos) {
        if (!counts(committedNanos)) {
            return;
        }
        delays.add(delayNanos);
        changes.increment();
        if (delayNanos > SECOND_NANOS) {
            late.increment();
        }
    }

    public RowHistory row(int id) {
        return rows.get(id - 1);
    }

    /** Has every change told of; no read may be judged after it. */
    public void end() {
        rows.forEach(RowHistory::end);
    }

    /** Changes that have been told of, and count. */
    public long changes() {
        return changes.sum();
    }

    /** The share of changes of which no read that began later than a second after the commit saw an older version. */
    public double invisibleWithin1sRatio() {
        return changes() == 0 ? 1 : 1 - (double) late.sum() / changes();
    }

    /** From the commit of a change to the begin of the last read that saw an older version, in milliseconds. */
    public Percentiles delayMillis() {
        return delays.percentiles();
    }
}
