package io.sluice.cli.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** What an audit has found so far. Safe for use by many threads; keeps at most {@value #MOST_KEPT} violations. */
final class AuditReport {
    static final int MOST_KEPT = 100;
    private static final long HIGHEST_DELAY_MILLIS = 3_600_000;

    private final Map<Duration, Within> within = new TreeMap<>();
    private final Map<String, Holder> holders = new TreeMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final Histogram streamDelay = new Histogram(HIGHEST_DELAY_MILLIS, 3);
    private final Consumer<Violation> atOnce;
    private long records;
    private long changes;
    private long sampled;
    private long superseded;
    private long abandoned;
    private long failures;
    private long moreViolations;
    private String lastFailure = "";

    /** How a change looked some time after it was read. */
    enum Outcome {
        /** Nobody answered anything older. */
        CURRENT,
        /** Somebody did. */
        STALE,
        /** The row moved, or somebody did not answer who may hold it. */
        UNDECIDED
    }

    /** Counts of one time after the change. */
    record Within(long current, long stale, long undecided) {
        long judged() {
            return current + stale;
        }

        /** Of those that were judged, which part nobody answered anything older of; 1 for none. */
        double invisibleRatio() {
            return judged() == 0 ? 1 : (double) current / judged();
        }

        /** How many nines that ratio has; with nothing stale, how many so many changes can show at the most. */
        int nines() {
            if (judged() == 0) {
                return 0;
            }
            return (int) Math.floor(Math.log10((double) judged() / Math.max(1, stale)) + 1e-9);
        }
    }

    /** Counts of one who was asked. */
    record Holder(long asked, long held, long failed, long differing) {}

    /**
     * Nothing found yet.
     *
     * @param atOnce told of each violation as soon as it is sure
     */
    AuditReport(List<Duration> probes, Consumer<Violation> atOnce) {
        probes.forEach(probe -> within.put(probe, new Within(0, 0, 0)));
        this.atOnce = atOnce;
    }

    synchronized void record(long delayMillis) {
        records++;
        streamDelay.recordValue(Math.clamp(delayMillis, 0, HIGHEST_DELAY_MILLIS));
    }

    /** @param taking whether what could be a sample is one, as before the last ones are looked at */
    synchronized void changed(Samples.Taken taken, boolean taking) {
        changes++;
        sampled += taking && taken.sample() != null ? 1 : 0;
        superseded += taken.superseded() ? 1 : 0;
    }

    /** Samples were given up: at the end, or since too much was under way. */
    synchronized void abandoned(long samples) {
        abandoned += samples;
    }

    synchronized void failed(String reason) {
        failures++;
        lastFailure = reason;
    }

    synchronized void looked(Duration after, Outcome outcome) {
        within.computeIfPresent(
                after,
                (probe, so) -> new Within(
                        so.current() + (outcome == Outcome.CURRENT ? 1 : 0),
                        so.stale() + (outcome == Outcome.STALE ? 1 : 0),
                        so.undecided() + (outcome == Outcome.UNDECIDED ? 1 : 0)));
    }

    synchronized void asked(String holder, Reply reply, Verdict verdict) {
        boolean failed = reply instanceof Reply.Failed;
        if (reply instanceof Reply.Failed(String reason)) {
            lastFailure = holder + ": " + reason;
        }
        Holder so = holders.getOrDefault(holder, new Holder(0, 0, 0, 0));
        holders.put(
                holder,
                new Holder(
                        so.asked() + 1,
                        so.held() + (reply instanceof Reply.Found ? 1 : 0),
                        so.failed() + (failed ? 1 : 0),
                        so.differing() + (verdict.kind().isDiffering() ? 1 : 0)));
    }

    /** The same of the same holder and key is told once. */
    void violation(Violation violation) {
        synchronized (this) {
            boolean known = violations.stream()
                    .anyMatch(one -> one.kind() == violation.kind()
                            && one.holder().equals(violation.holder())
                            && one.group().equals(violation.group())
                            && one.key().equals(violation.key()));
            if (known || violations.size() == MOST_KEPT) {
                moreViolations++;
                return;
            }
            violations.add(violation);
        }
        atOnce.accept(violation);
    }

    /** What is known at this moment. Immutable, as far as anybody else changes it. */
    record Findings(
            Map<Duration, Within> within,
            Map<String, Holder> holders,
            List<Violation> violations,
            Histogram streamDelay,
            long records,
            long changes,
            long sampled,
            long superseded,
            long abandoned,
            long failures,
            long moreViolations,
            String lastFailure) {
        boolean isClean() {
            return violations.isEmpty();
        }

        /** Nothing was judged, so that there is no violation says nothing. */
        boolean isWorthless() {
            return violations.isEmpty() && within.values().stream().allMatch(each -> each.judged() == 0);
        }
    }

    synchronized Findings findings() {
        return new Findings(
                new TreeMap<>(within),
                new TreeMap<>(holders),
                List.copyOf(violations),
                streamDelay.copy(),
                records,
                changes,
                sampled,
                superseded,
                abandoned,
                failures,
                moreViolations,
                lastFailure);
    }
}
