package io.sluice.bench.cluster;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads at a fixed rate, whether answers come or not, so that a cluster that stalls is not spared. Each read goes by
 * the next of several ways in turn, and ends in the log. Thread-safe; one thread of its own sends, until
 * {@link #close}.
 */
public final class ReadLoad implements AutoCloseable {
    /** A read over this many unanswered ones is not sent and counts as failed. */
    private static final int MAX_UNANSWERED = 10_000;

    /** Of so many failures the reason is kept, or a few more. */
    private static final int MAX_FAILURES = 20;

    private static final long PAUSE_NANOS = 1_000_000;

    private final int perSecond;
    private final ZipfKeys keys;
    private final List<IntFunction<CompletableFuture<Boolean>>> ways;
    private final RequestLog log = new RequestLog();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final long startNanos = System.nanoTime();
    private final Thread sender = new Thread(this::send, "bench-reads");
    private volatile boolean running = true;

    private ReadLoad(int perSecond, ZipfKeys keys, List<IntFunction<CompletableFuture<Boolean>>> ways) {
        this.perSecond = perSecond;
        this.keys = requireNonNull(keys, "keys is null");
        this.ways = List.copyOf(ways);
    }

    /** Begins to read. */
    public static ReadLoad start(int perSecond, ZipfKeys keys, List<IntFunction<CompletableFuture<Boolean>>> ways) {
        ReadLoad load = new ReadLoad(perSecond, keys, ways);
        load.sender.start();
        return load;
    }

    /** Milliseconds since the load began: what moments are counted in. */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    public RequestLog log() {
        return log;
    }

    private void send() {
        for (long sent = 0; running; ) {
            long due = (System.nanoTime() - startNanos) * perSecond / TimeUnit.SECONDS.toNanos(1);
            for (; sent < due; sent++) {
                read(ways.get((int) (sent % ways.size())));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void read(IntFunction<CompletableFuture<Boolean>> way) {
        int key = keys.next();
        if (unanswered.incrementAndGet() > MAX_UNANSWERED) {
            ended(null, new IllegalStateException("not sent: too many are unanswered"));
            return;
        }
        var _ = way.apply(key).whenComplete(this::ended);
    }

    private void ended(@Nullable Boolean fromMemory, @Nullable Throwable failure) {
        unanswered.decrementAndGet();
        if (fromMemory == null) {
            log.failure(millis());
            if (failures.size() < MAX_FAILURES) {
                failures.add(millis() + " ms: " + failure);
            }
        } else if (fromMemory) {
            log.hit(millis());
        } else {
            log.miss(millis());
        }
    }

    /** When and why the first reads failed that did. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Sends no more; what is unanswered ends by its own deadline. */
    @Override
    public void close() {
        running = false;
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
