package io.sluice.node;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.Clocks;
import io.sluice.mapping.Source;
import io.sluice.node.load.LoadSettings;
import io.sluice.node.load.PollListener;
import io.sluice.node.load.SourcePool;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the sources of the rules file. A source that goes, or is another one now, is closed a while later,
 * so that reads that are under way with it can end; owns the thread {@code sluice-source-closer} for that.
 *
 * <p>Thread-safe; changed by one thread at a time. Invariant: whatever is open is closed by {@link #close}.
 */
final class Sources implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sources.class);
    /** Longer than a read takes whose caller set no deadline of its own. */
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final LoadSettings settings;
    private final Function<Source, PollListener> polls;
    private final Clocks clock;
    private final Set<SourcePool> retired = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor closer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("sluice-source-closer").daemon().factory());
    private Map<String, Open> open = Map.of();

    /** A source as declared, and its connections. */
    record Open(Source source, SourcePool pool) {}

    /** @param polls who is told of the polls of a source */
    Sources(LoadSettings settings, Function<Source, PollListener> polls, Clocks clock) {
        this.settings = requireNonNull(settings, "settings is null");
        this.polls = requireNonNull(polls, "polls is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * What these declarations come to: what is open already where nothing has changed, and newly opened connections for
     * the rest. Nothing is gone by them yet.
     *
     * @throws io.grpc.StatusRuntimeException when a source is set up so that its positions cannot be trusted; then
     *     everything is as it was
     */
    synchronized Map<String, Open> prepare(Map<String, Source> declared) {
        Map<String, Open> next = new HashMap<>();
        try {
            declared.forEach((name, source) -> {
                Open standing = open.get(name);
                if (standing != null && standing.source().equals(source)) {
                    next.put(name, standing);
                    return;
                }
                SourcePool pool = new SourcePool(source, settings, polls.apply(source), clock);
                next.put(name, new Open(source, pool));
                pool.checkNow();
            });
        } catch (RuntimeException e) {
            abandon(next);
            throw e;
        }
        return Map.copyOf(next);
    }

    /** Closes what was prepared and is not to be used after all. */
    synchronized void abandon(Map<String, Open> prepared) {
        prepared.values().stream()
                .filter(each -> !open.containsValue(each))
                .forEach(each -> each.pool().close());
    }

    /** Goes by what was prepared; what is not in it ends a while later. */
    synchronized void use(Map<String, Open> prepared) {
        Set<Open> gone = new HashSet<>(open.values());
        gone.removeAll(prepared.values());
        open = prepared;
        for (Open each : gone) {
            retired.add(each.pool());
            log.info(
                    "Source {} is not used any more in this form: it is closed in {}",
                    each.source().name(),
                    LINGER);
            var _ = closer.schedule(() -> end(each.pool()), LINGER.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** What is gone by. */
    synchronized Collection<Open> open() {
        return open.values();
    }

    private void end(SourcePool pool) {
        if (retired.remove(pool)) {
            pool.close();
        }
    }

    @Override
    public synchronized void close() {
        closer.shutdownNow();
        retired.forEach(this::end);
        open.values().forEach(each -> each.pool().close());
        open = Map.of();
    }
}
