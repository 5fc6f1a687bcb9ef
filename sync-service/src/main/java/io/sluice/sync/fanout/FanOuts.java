package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Source;
import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Takes queries that changes ask for, and removes the keys that these find; the whole group where they are not found
 * within the bounds. A fan-out is done when its removals are.
 *
 * <p>Safe for use by many threads; {@link #submit} does not block. Sources are asked apart from each other. Invariant:
 * what is submitted removes at least the keys that its query finds on a server that covers the change's position, each
 * with that position; unless this is closed, its callback runs once. After {@link #close} none runs.
 */
public final class FanOuts implements AutoCloseable {
    private final FanOutSettings settings;
    private final Function<Source, KeyFinder> finders;
    private final SecondRemovals removals;
    private final SyncMetrics metrics;
    private final ClearLog log = new ClearLog(System::nanoTime);
    private final Map<Source, SourceFanOuts> sources = new ConcurrentHashMap<>();

    /** Tells the transactions that a source never will have; UNKNOWN when there are none. */
    @FunctionalInterface
    public interface Phantoms {
        SourcePosition of(String source);
    }

    /**
     * Opens no connection before the first fan-out.
     *
     * @param phantoms for which no server is waited
     */
    public FanOuts(FanOutSettings settings, SecondRemovals removals, Phantoms phantoms, SyncMetrics metrics) {
        this(
                settings,
                (Source source) -> new JdbcKeyFinder(source, settings, () -> phantoms.of(source.name())),
                removals,
                metrics);
    }

    FanOuts(
            FanOutSettings settings,
            Function<Source, KeyFinder> finders,
            SecondRemovals removals,
            SyncMetrics metrics) {
        this.settings = requireNonNull(settings, "settings is null");
        this.finders = requireNonNull(finders, "finders is null");
        this.removals = requireNonNull(removals, "removals is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /** Asks and removes; {@code whenDone} runs once all removals are done, on another thread. */
    public void submit(FanOutRequest request, Runnable whenDone) {
        if (request.position().isEmpty()) {
            clear(new Pending(request, whenDone, System.nanoTime()), Found.Reason.NO_POSITION);
            return;
        }
        switch (sources.computeIfAbsent(request.fanOut().query().source(), this::open)
                .offer(request, whenDone)) {
            case ADDED -> {}
            case JOINED -> metrics.fanOut(request.group(), "joined");
            case FULL -> clear(new Pending(request, whenDone, System.nanoTime()), Found.Reason.QUEUE_FULL);
        }
    }

    private SourceFanOuts open(Source source) {
        return new SourceFanOuts(source.name(), settings, () -> finders.apply(source), this::finish);
    }

    private void clear(Pending pending, Found.Reason reason) {
        finish(pending, new Found.Everything(reason, ""));
    }

    private void finish(Pending pending, Found found) {
        switch (found) {
            case Found.Keys(List<String> keys) -> {
                metrics.fanOut(pending.group(), "keys");
                metrics.fanOutKeys(pending.group(), keys.size(), System.nanoTime() - pending.sinceNanos());
                remove(
                        keys.stream()
                                .map(key -> Removal.ofKey(pending.group(), key, pending.position()))
                                .toList(),
                        pending);
            }
            case Found.Everything everything -> {
                metrics.fanOut(pending.group(), everything.reason().label());
                log.cleared(pending.group(), everything);
                remove(List.of(Removal.ofGroup(pending.group(), pending.position())), pending);
            }
        }
    }

    private void remove(List<Removal> all, Pending pending) {
        if (all.isEmpty()) {
            pending.done();
            return;
        }
        AtomicInteger left = new AtomicInteger(all.size());
        for (Removal removal : all) {
            removals.submit(removal, pending.again(), () -> {
                if (left.decrementAndGet() == 0) {
                    pending.done();
                }
            });
        }
    }

    /** How many wait to be asked. */
    public int waiting() {
        return sources.values().stream().mapToInt(SourceFanOuts::waiting).sum();
    }

    /** Whether no more records should be taken for now. */
    public boolean isFull() {
        return sources.values().stream().anyMatch(SourceFanOuts::isFull);
    }

    /** Ends all threads and connections. */
    @Override
    public void close() {
        sources.values().forEach(SourceFanOuts::close);
    }
}
