package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Backoff;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fan-outs of one source: a queue, and a few threads that ask, each over a connection of its own. Another source's
 * fan-outs do not wait for it.
 *
 * <p>A fan-out has its time from when it was handed in. So while the source is away, what has waited that long is given
 * up without being tried, and the queue moves on.
 *
 * <p>{@link #offer} and {@link #close} are safe for use by many threads. Invariant: whatever was added is told to the
 * receiver once, on one of the threads, unless this is closed.
 */
final class SourceFanOuts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceFanOuts.class);
    private static final long IDLE_SECONDS = 30;

    private final FanOutSettings settings;
    private final BiConsumer<Pending, Found> receiver;
    private final FanOutQueue queue;
    private final Backoff backoff =
            new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1), RandomGenerator.getDefault());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<KeyFinder> finders = new ArrayList<>();
    private volatile boolean failing;

    SourceFanOuts(
            String source,
            FanOutSettings settings,
            Supplier<? extends KeyFinder> finder,
            BiConsumer<Pending, Found> receiver) {
        this.settings = requireNonNull(settings, "settings is null");
        this.receiver = requireNonNull(receiver, "receiver is null");
        this.queue = new FanOutQueue(settings.queue());
        for (int i = 1; i <= settings.connections(); i++) {
            KeyFinder own = finder.get();
            finders.add(own);
            threads.add(Thread.ofVirtual()
                    .name("sluice-sync-fan-out-" + source + "-" + i)
                    .start(() -> run(own)));
        }
    }

    FanOutQueue.Offer offer(FanOutRequest request, Runnable whenDone) {
        return queue.offer(request, whenDone, System.nanoTime());
    }

    /** How many wait. */
    int waiting() {
        return queue.size();
    }

    /** Whether partitions should pause; not while the source is away, since that does not bring it back. */
    boolean isFull() {
        return !failing && queue.size() >= Math.max(1, settings.queue() / 2);
    }

    private void run(KeyFinder finder) {
        try {
            while (closed.getCount() > 0) {
                Pending pending = queue.take(IDLE_SECONDS, TimeUnit.SECONDS);
                if (pending == null) {
                    finder.rest();
                } else {
                    Found found = found(pending, finder);
                    if (found != null) {
                        tell(pending, found);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            finder.close();
        }
    }

    /** A thread that ended would leave the next ones to nobody. */
    private void tell(Pending pending, Found found) {
        try {
            receiver.accept(pending, found);
        } catch (RuntimeException e) {
            log.error("The keys of a fan-out could not be removed; its offset waits until a restart: report this", e);
        }
    }

    /** Null when closed. */
    private @Nullable Found found(Pending pending, KeyFinder finder) throws InterruptedException {
        String failure = "";
        for (int attempt = 0; ; attempt++) {
            long left = pending.sinceNanos() + settings.timeout().toNanos() - System.nanoTime();
            if (left <= 0) {
                return failure.isEmpty()
                        ? new Found.Everything(Found.Reason.TOO_LATE, "")
                        : new Found.Everything(Found.Reason.UNREACHABLE, failure);
            }
            try {
                Found found = finder.find(pending.fanOut(), pending.position(), Duration.ofNanos(left));
                failing = false;
                return found;
            } catch (SQLException e) {
                finder.close();
                Found refusal = SqlFailure.asFound(e);
                if (refusal != null) {
                    return refusal;
                }
                failure = SqlFailure.text(e);
                failing = true;
            } catch (RuntimeException e) {
                log.error("A fan-out failed: report this", e);
                finder.close();
                return new Found.Everything(Found.Reason.REFUSED, e.getClass().getSimpleName());
            }
            long wait = Math.min(left, backoff.delay(attempt).toNanos());
            if (closed.await(wait, TimeUnit.NANOSECONDS)) {
                return null;
            }
        }
    }

    /** Ends the threads, whatever they wait for; what is not found by then is told to nobody. */
    @Override
    public void close() {
        closed.countDown();
        threads.forEach(Thread::interrupt);
        finders.forEach(KeyFinder::close);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
