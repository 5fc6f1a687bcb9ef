package io.sluice.bench.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Times gets of one cache in this JVM while another thread puts at a fixed rate and so makes it evict. Arguments are
 * the contestant and the seconds to measure. Prints gets, hits, and the percentiles in nanoseconds.
 *
 * <p>The reader goes on without a pause, so what it finds says how long a get takes, not how long one would have waited
 * for it in a queue. Gets are timed one by one in batches, and counted between the batches.
 */
final class LatencyProbe {
    private static final int KEYS = 100_000;
    private static final int BATCH = 1_024;
    private static final int PUTS_AT_ONCE = 25;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WARMUP_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Contestant cache;
    private final Requests asked = Requests.zipf(KEYS, 1);
    private final Requests put = Requests.everyKeyInTurn(KEYS, 0, 1);
    private final Histogram times = new Histogram(LONGEST_NANOS, 3);
    private long hits;
    private volatile boolean done;

    private LatencyProbe(Contestant cache) {
        this.cache = cache;
    }

    public static void main(String[] args) throws InterruptedException {
        Contestant cache = ContestantKind.named(args[0]).create(new Payload(KEYS), KEYS / 2);
        LatencyProbe probe = new LatencyProbe(cache);
        Thread writer = new Thread(probe::write, "bench-writer");
        writer.start();
        probe.read(WARMUP_NANOS);
        probe.times.reset();
        probe.hits = 0;
        probe.read(TimeUnit.SECONDS.toNanos(Long.parseLong(args[1])));
        probe.done = true;
        writer.join();
        probe.print();
    }

    /** Puts on schedule: after a delay it catches up. */
    private void write() {
        long due = System.nanoTime();
        while (!done) {
            for (int i = 0; i < PUTS_AT_ONCE; i++) {
                cache.load(put.next());
            }
            due += PAUSE_NANOS;
            while (!done && due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void read(long nanos) {
        long[] batch = new long[BATCH + 1];
        long begin = System.nanoTime();
        do {
            batch[0] = System.nanoTime();
            for (int i = 1; i <= BATCH; i++) {
                hits += cache.get(asked.next()) == null ? 0 : 1;
                batch[i] = System.nanoTime();
            }
            for (int i = 1; i <= BATCH; i++) {
                times.recordValue(Math.min(LONGEST_NANOS, batch[i] - batch[i - 1]));
            }
        } while (batch[BATCH] - begin < nanos);
    }

    private static long clockNanos() {
        Histogram clock = new Histogram(LONGEST_NANOS, 3);
        long[] readings = new long[BATCH];
        for (int round = 0; round < BATCH; round++) {
            for (int i = 0; i < BATCH; i++) {
                readings[i] = System.nanoTime();
            }
            for (int i = 1; i < BATCH; i++) {
                clock.recordValue(Math.min(LONGEST_NANOS, readings[i] - readings[i - 1]));
            }
        }
        return clock.getValueAtPercentile(50);
    }

    private void print() {
        System.out.println(times.getTotalCount() + " " + hits + " " + clockNanos() + " "
                + times.getValueAtPercentile(50) + " " + times.getValueAtPercentile(99) + " "
                + times.getValueAtPercentile(99.9) + " " + times.getValueAtPercentile(99.99) + " "
                + times.getMaxValue());
    }
}
