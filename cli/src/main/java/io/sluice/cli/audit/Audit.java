package io.sluice.cli.audit;

import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.flow.MappedRecord;
import io.sluice.sync.flow.RecordMapper;
import io.sluice.sync.kafka.StreamReader;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes on the caller's thread, and has each that is sampled looked at later, on threads of its own:
 * {@code sluice-audit-clock} says when, a bounded number of virtual threads does it.
 *
 * <p>{@link #run} belongs to one thread; {@link #stop}, {@link #use} and {@link #scope} are for any. A sample is looked
 * at by one thread at a time: a look that is due while the one before still runs waits for it.
 */
final class Audit implements AutoCloseable {
    private static final int MOST_LOOKS = 64;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final AuditSettings settings;
    private final StreamReader stream;
    private final RecordMapper mapper;
    private final Samples samples;
    private final AuditReport report;
    private final Semaphore places = new Semaphore(MOST_LOOKS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sluice-audit-clock").daemon().factory());
    private final ExecutorService looks = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sluice-audit-look-", 0).factory());
    private volatile Scope scope;
    private volatile boolean stopped;
    /** By which rules changes are mapped; of the thread that runs. */
    private Rules mapped;

    /** What is compared with what, under one set of rules. */
    record Scope(Rules rules, Watch watch, SourceLoads loads) {}

    /** @param mapper maps by the rules of the scope */
    Audit(
            AuditSettings settings,
            StreamReader stream,
            RecordMapper mapper,
            Samples samples,
            AuditReport report,
            Scope scope) {
        this.settings = settings;
        this.stream = stream;
        this.mapper = mapper;
        this.samples = samples;
        this.report = report;
        this.scope = scope;
        this.mapped = scope.rules();
    }

    /** The rules have changed: samples taken by the old ones do not count any more. */
    void use(Scope next) {
        scope = next;
        samples.clear();
    }

    /** The one used last. */
    Scope scope() {
        return scope;
    }

    /**
     * Takes samples until the time is over, then looks at those that are left; returns at once after {@link #stop}.
     *
     * @param reading run once, when changes are seen
     */
    void run(Runnable reading) {
        boolean ready = false;
        long endNanos = 0;
        while (!stopped) {
            if (!ready && stream.isReading()) {
                ready = true;
                endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.seconds());
                reading.run();
            }
            if (ready && settings.seconds() > 0 && System.nanoTime() - endNanos >= 0) {
                break;
            }
            if (!stream.poll((value, recordMillis) -> changes(value, recordMillis, true))) {
                return;
            }
        }
        // What is watched may change again still.
        while (samples.size() > 0
                && !stopped
                && stream.poll((value, recordMillis) -> changes(value, recordMillis, false))) {}
    }

    private void changes(byte @Nullable [] value, long recordMillis, boolean take) {
        Scope now = scope;
        if (!mapped.equals(now.rules())) {
            mapped = now.rules();
            mapper.use(mapped);
        }
        long delay = System.currentTimeMillis() - recordMillis;
        report.record(delay);
        MappedRecord record = mapper.map(value);
        for (Removal removal : record.removals()) {
            boolean sought = settings.groups().isEmpty() || settings.groups().contains(removal.group());
            if (removal.isKey() && sought && now.loads().has(removal.group())) {
                Samples.Taken taken = samples.changed(removal.group(), removal.key(), removal.position(), delay);
                report.changed(taken, take);
                Sample sample = taken.sample();
                // The rules may have changed since they were looked at; later, the sample is among those that go.
                if (sample != null && take && now.equals(scope)) {
                    begin(sample, now.watch());
                } else if (sample != null) {
                    samples.done(sample);
                }
            }
        }
    }

    private void begin(Sample sample, Watch watch) {
        if (!places.tryAcquire()) {
            report.abandoned(1);
            samples.done(sample);
            return;
        }
        submit(() -> {
            try {
                if (watch.begin(sample)) {
                    schedule(sample, watch, 0, System.nanoTime());
                } else {
                    samples.done(sample);
                }
            } finally {
                places.release();
            }
        });
    }

    /** The next look is scheduled when this one has ended, so there is never more than one. */
    private void schedule(Sample sample, Watch watch, int probe, long sinceNanos) {
        if (probe == settings.probes().size() || sample.isCancelled()) {
            samples.done(sample);
            return;
        }
        Duration after = settings.probes().get(probe);
        long waitNanos = sinceNanos + after.toNanos() - System.nanoTime();
        try {
            var _ = clock.schedule(
                    () -> submit(() -> {
                        places.acquire();
                        try {
                            watch.look(sample, after);
                        } finally {
                            places.release();
                            schedule(sample, watch, probe + 1, sinceNanos);
                        }
                    }),
                    waitNanos,
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            samples.done(sample);
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void submit(Work work) {
        try {
            looks.execute(() -> {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException | Error e) {
                    report.failed("a look failed for a reason that is not known; please report it: " + e);
                }
            });
        } catch (RejectedExecutionException e) {
            // It is closed, and what is watched still is given up.
            return;
        }
    }

    /** Has {@link #run} return soon; what is not looked at by then is given up. */
    void stop() {
        stopped = true;
        stream.stop();
    }

    /** Waits a moment for looks that run. */
    @Override
    public void close() {
        report.abandoned(samples.size());
        samples.clear();
        clock.shutdownNow();
        looks.shutdownNow();
        try {
            var _ = looks.awaitTermination(CLOSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stream.close();
    }
}
