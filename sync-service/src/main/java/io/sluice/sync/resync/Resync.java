package io.sluice.sync.resync;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.mapping.Rules;
import io.sluice.mapping.Source;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.heartbeat.HeartbeatException;
import io.sluice.sync.metrics.SyncMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what makes every node forget groups so that nothing of before comes back: for each group the removal of all of
 * it, at the position H that the primary of its source has after a heartbeat was committed there.
 *
 * <p>H holds every transaction whose event was handed out before the heartbeat, whether its row was visible then or not
 * ({@link io.sluice.sync.heartbeat}). So once the removal is done, what any node has of the group reflects H, and with
 * it every event that was passed over before, or mapped by other rules:
 *
 * <pre>
 *    1: a load reads the old row
 *       the row changes; its event, at P, is handled by rules that do not reach the key
 *       the rules change; a heartbeat; H is read, and P is within H
 *       the group is removed at H
 *    1: is stored? Its stamp does not cover P, so it does not cover H: refused
 * </pre>
 *
 * Where there is no H (the source has no positions, or its primary does not answer) the group is removed without a
 * position: entries go all the same, and what is loaded in the next moments is not kept.
 *
 * <p>Safe for use by many threads. What blocks does so on the thread {@code sluice-sync-resync}, for the timeouts of
 * one heartbeat for each source at most.
 */
public final class Resync implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Resync.class);
    private static final int CLOSE_SECONDS = 5;

    private final Primary primary;
    private final SyncMetrics metrics;
    private final ExecutorService thread;

    /** Commits a heartbeat on the primary of a source and returns its position after that; blocks. */
    @FunctionalInterface
    public interface Primary {
        SourcePosition beat(String source) throws HeartbeatException;
    }

    /**
     * What is to be removed. Immutable.
     *
     * @param positioned whether every group that anything removes from has a position
     */
    public record Clearing(List<Removal> removals, boolean positioned) {
        public Clearing {
            removals = List.copyOf(removals);
        }

        /** Hands the removals out; {@code whenDone} runs once, on whatever thread, when all of them are done. */
        public void submit(Dispatcher dispatcher, Runnable whenDone) {
            // One more, so that it is not done between two of them.
            AtomicInteger open = new AtomicInteger(removals.size() + 1);
            Runnable done = () -> {
                if (open.decrementAndGet() == 0) {
                    whenDone.run();
                }
            };
            removals.forEach(removal -> dispatcher.submit(removal, done));
            done.run();
        }
    }

    public Resync(Primary primary, SyncMetrics metrics) {
        this(
                primary,
                metrics,
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("sluice-sync-resync").daemon().factory()));
    }

    /** On a thread that is closed with this. */
    Resync(Primary primary, SyncMetrics metrics, ExecutorService thread) {
        this.thread = requireNonNull(thread, "thread is null");
        this.primary = requireNonNull(primary, "primary is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
    }

    /**
     * Finds the removals for these groups of the rules. H is read after this call; it never fails, but does not
     * complete any more after {@link #close}.
     */
    public CompletableFuture<Clearing> begin(Rules rules, Collection<String> groups) {
        CompletableFuture<Clearing> clearing = new CompletableFuture<>();
        List<String> asked = groups.stream().sorted().toList();
        thread.execute(() -> clearing.complete(find(rules, asked)));
        return clearing;
    }

    private Clearing find(Rules rules, List<String> groups) {
        Map<String, String> positions = new HashMap<>();
        List<Removal> removals = new ArrayList<>();
        boolean positioned = true;
        for (String name : groups) {
            Group group = rules.groups().get(name);
            Source source = group == null ? null : rules.sources().get(group.source());
            if (source != null) {
                String position = positions.computeIfAbsent(source.name(), known -> position(source));
                positioned &= !position.isEmpty() || source.coherence() == Coherence.NONE;
                removals.add(Removal.ofGroup(name, position));
            }
        }
        return new Clearing(removals, positioned);
    }

    private String position(Source source) {
        if (source.coherence() != Coherence.GTID) {
            metrics.resync("without_position");
            return "";
        }
        try {
            String position = primary.beat(source.name()).toString();
            metrics.resync("positioned");
            return position;
        } catch (HeartbeatException | RuntimeException e) {
            metrics.resync("without_position");
            log.warn(
                    "Groups of source {} are removed without a position, so for a moment nothing of them is kept: {}",
                    source.name(),
                    e.getMessage());
            return "";
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.info("A heartbeat is still waited for; the stop goes on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
