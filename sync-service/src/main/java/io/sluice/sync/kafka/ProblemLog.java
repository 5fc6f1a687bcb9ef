package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.flow.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the first record of each kind of problem, and after that one line per kind and interval with the number since.
 * Confined to the poll thread. Invariant: the number of lines is bounded by kinds and time, not by records.
 */
final class ProblemLog {
    private static final Logger log = LoggerFactory.getLogger(ProblemLog.class);

    private final LongSupplier nanoClock;
    private final long intervalNanos;
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(long loggedAtNanos, long since) {}

    ProblemLog(LongSupplier nanoClock, Duration interval) {
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.intervalNanos = interval.toNanos();
    }

    /** Logs the problem or counts it; true when it was logged. */
    boolean saw(Problem problem, ConsumerRecord<byte[], byte[]> record, int removals) {
        long now = nanoClock.getAsLong();
        Seen before = seen.get(problem.kind());
        if (before != null && now - before.loggedAtNanos() < intervalNanos) {
            seen.put(problem.kind(), new Seen(before.loggedAtNanos(), before.since() + 1));
            return false;
        }
        seen.put(problem.kind(), new Seen(now, 0));
        log.warn(
                "Record {}-{}@{} is {}: {}. It goes to the dead letters; {} ({} more of this kind since the last line)",
                record.topic(),
                record.partition(),
                record.offset(),
                problem.kind(),
                problem.message(),
                removals == 0 ? "nothing was removed for it" : "what its table reaches is removed",
                before == null ? 0 : before.since());
        return true;
    }
}
