package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where operators and the poll thread meet: what is asked of the stream goes one way, what the stream does the other.
 * It outlives consumers, so that a pause outlives rebalances and the failure of a consumer; it does not outlive the
 * process.
 *
 * <p>Safe for use by many threads; nothing blocks. Invariant: the status is a snapshot, swapped whole by the poll
 * thread, whose state nobody else reads.
 */
public final class StreamControl {
    private static final Logger log = LoggerFactory.getLogger(StreamControl.class);

    private final AtomicBoolean paused = new AtomicBoolean();
    private final AtomicReference<@Nullable ReplayRequest> asked = new AtomicReference<>();
    private volatile StreamStatus status = StreamStatus.idle();

    /** A partition that went back: {@code from} is read next, and it has caught up at {@code until}. */
    public record Replay(Partition partition, long from, long until) {}

    /** What the poll thread is to do, and whom it tells. */
    record ReplayRequest(Instant from, CompletableFuture<List<Replay>> answer) {}

    /** Takes nothing more from the next poll on, or goes on. What was taken is finished and committed all the same. */
    public void pause(boolean pause) {
        if (paused.getAndSet(pause) != pause) {
            log.info(
                    pause
                            ? "Paused by an operator: nothing more is consumed until sync resume"
                            : "Resumed by an operator");
        }
    }

    /** True while an operator has it paused. */
    public boolean isPaused() {
        return paused.get();
    }

    /**
     * Asks for records from this time on to be consumed again. Completes when Kafka has been told the earlier offsets,
     * with the partitions that went back; exceptionally with {@link ReplayRefusedException} when it cannot be now.
     * Whoever does not want to wait any longer cancels it, and it does not begin any more unless it has begun.
     */
    public CompletableFuture<List<Replay>> replay(Instant from) {
        ReplayRequest request = new ReplayRequest(requireNonNull(from, "from is null"), new CompletableFuture<>());
        ReplayRequest before = asked.get();
        boolean free = before == null || before.answer().isDone();
        if (!free || !asked.compareAndSet(before, request)) {
            request.answer().completeExceptionally(new ReplayRefusedException("another replay is about to begin"));
        }
        return request.answer();
    }

    /** What the stream did a moment ago. */
    public StreamStatus status() {
        return status;
    }

    /** What was asked for since the last call; null when nothing was, or nobody waits for it any more. */
    @Nullable ReplayRequest takeReplay() {
        ReplayRequest request = asked.getAndSet(null);
        return request == null || request.answer().isDone() ? null : request;
    }

    void publish(StreamStatus now) {
        status = now;
    }
}
