package io.sluice.sync.lost;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources of which something was lost and whose groups have yet to be cleared for it, and when that may begin.
 *
 * <p>Losses of one source are dealt with together: those that come while its groups are being cleared, or soon after,
 * wait for the next clearing, which covers them all. Between two clearings of a source there are {@link #SHORTEST} at
 * the least; and where nothing but records without a position ask for them, twice as much each time, up to
 * {@link #LONGEST}, since a Canal that sends none would otherwise empty the cache for ever. Such records clear their
 * own keys anyway.
 *
 * <p>An XA COMMIT is counted when it begins, and what it makes visible may come after the clearing. So it is cleared
 * for a second time.
 *
 * <p>Safe for use by many threads. Invariant: a source that is lost is open until a clearing that began after that is
 * done.
 */
public final class LostSources {
    static final Duration SHORTEST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Logger log = LoggerFactory.getLogger(LostSources.class);

    private final SyncMetrics metrics;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Map<String, Waiting> running = new HashMap<>();
    private final Map<String, Pace> paces = new HashMap<>();
    private volatile Set<String> open = Set.of();

    private static final class Waiting {
        private final Set<Loss> losses = EnumSet.noneOf(Loss.class);
        private SourcePosition leftBehind = SourcePosition.UNKNOWN;
        private boolean again;

        boolean isPatient() {
            return losses.equals(EnumSet.of(Loss.NO_POSITION));
        }
    }

    /** When the last clearing began, and how long after it the next may. */
    private record Pace(long begunNanos, long intervalNanos) {}

    public LostSources(SyncMetrics metrics) {
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /**
     * The groups of a source are to be cleared.
     *
     * @param leftBehind transactions that nodes should not demand any more; UNKNOWN for none
     */
    synchronized void add(String source, Loss loss, SourcePosition leftBehind) {
        Waiting entry = waiting.computeIfAbsent(source, added -> new Waiting());
        entry.leftBehind = entry.leftBehind.union(leftBehind);
        entry.again = false;
        if (entry.losses.add(loss)) {
            metrics.lostPosition(loss.label());
            log.warn("All groups of source {} are to be cleared: {}", source, loss.meaning());
        }
        reopen();
    }

    /** Whether something was lost that is not cleared yet. */
    public boolean isOpen(String source) {
        return open.contains(source);
    }

    /** All sources that are. */
    public Set<String> open() {
        return open;
    }

    /**
     * Those that are to be cleared now, each with what is to be demanded no more; a clearing of them begins after this.
     * {@link #cleared} has to follow.
     */
    public synchronized Map<String, SourcePosition> takeDue(long nowNanos) {
        if (waiting.isEmpty()) {
            return Map.of();
        }
        Map<String, SourcePosition> due = new HashMap<>();
        waiting.forEach((source, entry) -> {
            Pace last = paces.get(source);
            if (!running.containsKey(source)
                    && (last == null || nowNanos - last.begunNanos() >= patience(entry, last))) {
                due.put(source, entry.leftBehind);
                paces.put(source, new Pace(nowNanos, interval(entry, last, nowNanos)));
            }
        });
        due.keySet().forEach(source -> running.put(source, requireNonNull(waiting.remove(source), "not waiting")));
        return due;
    }

    private static long patience(Waiting entry, Pace last) {
        return entry.isPatient() ? last.intervalNanos() : SHORTEST.toNanos();
    }

    private static long interval(Waiting entry, @Nullable Pace last, long nowNanos) {
        if (!entry.isPatient() || last == null || nowNanos - last.begunNanos() > 2 * last.intervalNanos()) {
            return SHORTEST.toNanos();
        }
        return Math.min(LONGEST.toNanos(), 2 * last.intervalNanos());
    }

    /** The clearing of these is done. */
    public synchronized void cleared(Set<String> sources) {
        for (String source : sources) {
            Waiting done = running.remove(source);
            if (done != null) {
                log.info("All groups of source {} are cleared, for {}", source, done.losses);
                if (done.losses.contains(Loss.XA_COMMIT) && !done.again) {
                    Waiting entry = waiting.computeIfAbsent(source, added -> again());
                    entry.losses.add(Loss.XA_COMMIT);
                }
            }
        }
        reopen();
    }

    private static Waiting again() {
        Waiting entry = new Waiting();
        entry.again = true;
        return entry;
    }

    private void reopen() {
        Set<String> now = new HashSet<>(waiting.keySet());
        now.addAll(running.keySet());
        open = Set.copyOf(now);
    }
}
