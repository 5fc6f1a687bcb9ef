package io.sluice.cli.audit;

import io.sluice.cli.audit.AuditReport.Outcome;
import io.sluice.proto.v1.HistoryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Asks for one sampled key and has the answers judged. One thread at a time for a sample; blocks.
 *
 * <p>A look costs one call to each holder and one read of the source, after the answers. Only when an answer differs it
 * costs more: then the same holders are asked again, a few times within seconds, each time between two reads of the
 * source, until the answer is right or proven to be wrong ({@link Judge}). The first of these rounds says whether the
 * change was still visible at this time, which counts unless the key has changed again. What the nodes remember of the
 * key is fetched at the first suspicion, before they forget, and once more when it is sure.
 */
final class Watch {
    /** Before each round; the last are for what nodes claim later, as the change stream goes on. */
    static final List<Duration> ROUNDS = List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final KeySource source;
    private final Supplier<List<Probe>> probes;
    private final BiFunction<String, String, Map<String, List<HistoryEvent>>> histories;
    private final Judge judge;
    private final AuditReport report;
    private final Pause pause;

    /** Waits; a test's does not. */
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    Watch(
            KeySource source,
            Supplier<List<Probe>> probes,
            BiFunction<String, String, Map<String, List<HistoryEvent>>> histories,
            Judge judge,
            AuditReport report,
            Pause pause) {
        this.source = source;
        this.probes = probes;
        this.histories = histories;
        this.judge = judge;
        this.report = report;
        this.pause = pause;
    }

    /** Reads the source for the first time; false when it cannot be read. */
    boolean begin(Sample sample) {
        try {
            sample.add(source.read(sample.group(), sample.key()));
            return true;
        } catch (RuntimeException e) {
            report.failed(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Looks at what is answered so long after the change was read. */
    void look(Sample sample, Duration after) throws InterruptedException {
        if (sample.isCancelled()) {
            return;
        }
        try {
            Outcome outcome = outcome(sample, after);
            if (!sample.isSuperseded() && !sample.isCancelled()) {
                report.looked(after, outcome);
            }
        } catch (RuntimeException e) {
            report.failed(String.valueOf(e.getMessage()));
            report.looked(after, Outcome.UNDECIDED);
        }
    }

    private Outcome outcome(Sample sample, Duration after) throws InterruptedException {
        Map<Probe, Reply> replies = ask(probes.get(), sample);
        sample.add(source.read(sample.group(), sample.key()));
        boolean silent = false;
        List<Probe> suspects = new ArrayList<>();
        for (Map.Entry<Probe, Reply> entry : replies.entrySet()) {
            Verdict verdict = judge(sample, entry.getKey(), entry.getValue());
            report.asked(entry.getKey().name(), entry.getValue(), verdict);
            silent |= verdict.kind() == Verdict.Kind.SILENT;
            if (verdict.kind().isDiffering()) {
                suspects.add(entry.getKey());
            }
        }
        Outcome outcome = suspects.isEmpty() ? Outcome.CURRENT : again(sample, after, suspects);
        // Who did not answer may hold what is old.
        return outcome == Outcome.CURRENT && silent ? Outcome.UNDECIDED : outcome;
    }

    private Outcome again(Sample sample, Duration after, List<Probe> suspects) throws InterruptedException {
        Map<String, List<HistoryEvent>> known = histories.apply(sample.group(), sample.key());
        Outcome outcome = Outcome.UNDECIDED;
        boolean decided = false;
        for (Duration wait : ROUNDS) {
            pause.of(wait);
            if (suspects.isEmpty() || sample.isCancelled()) {
                break;
            }
            sample.add(source.read(sample.group(), sample.key()));
            Map<Probe, Reply> replies = ask(suspects, sample);
            SourceRead now = source.read(sample.group(), sample.key());
            sample.add(now);
            boolean stale = false;
            boolean moving = false;
            for (Map.Entry<Probe, Reply> entry : replies.entrySet()) {
                Verdict verdict = judge(sample, entry.getKey(), entry.getValue());
                stale |= verdict.kind().isStale();
                moving |= verdict.kind() == Verdict.Kind.MOVING || verdict.kind() == Verdict.Kind.SILENT;
                if (verdict.kind().isViolation()
                        && !sample.isCancelled()
                        && entry.getValue() instanceof Reply.Found(Held answer)) {
                    report.violation(violation(sample, after, entry.getKey(), verdict, answer, now, known));
                }
                if (verdict.kind().isViolation() || verdict.kind() == Verdict.Kind.CURRENT) {
                    suspects.remove(entry.getKey());
                }
            }
            if (!decided && (stale || !moving)) {
                decided = true;
                outcome = stale ? Outcome.STALE : Outcome.CURRENT;
            }
        }
        return outcome;
    }

    /** What has nothing tells nothing old. */
    private Verdict judge(Sample sample, Probe holder, Reply reply) {
        if (reply instanceof Reply.Found(Held answer)) {
            return judge.judge(sample.reads(), answer, sample.seen(holder.name(), answer));
        }
        if (reply instanceof Reply.Nothing) {
            sample.forget(holder.name());
        }
        boolean silent = reply instanceof Reply.Failed && holder.mustAnswer();
        return new Verdict(silent ? Verdict.Kind.SILENT : Verdict.Kind.CURRENT, 0);
    }

    private static Map<Probe, Reply> ask(List<Probe> holders, Sample sample) throws InterruptedException {
        Map<Probe, Reply> replies = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (Probe holder : holders) {
            threads.add(Thread.ofVirtual()
                    .name("sluice-audit-ask-" + holder.name())
                    .start(() -> replies.put(holder, holder.ask(sample.group(), sample.key()))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Map<Probe, Reply> ordered = new LinkedHashMap<>();
        holders.forEach(holder ->
                ordered.put(holder, replies.getOrDefault(holder, new Reply.Failed("asking it failed unexpectedly"))));
        return ordered;
    }

    private Violation violation(
            Sample sample,
            Duration after,
            Probe holder,
            Verdict verdict,
            Held answer,
            SourceRead now,
            Map<String, List<HistoryEvent>> known) {
        long sinceRead = TimeUnit.NANOSECONDS.toMillis(answer.askedNanos() - sample.readNanos());
        return new Violation(
                verdict.kind(),
                sample.group(),
                sample.key(),
                holder.name(),
                after.toMillis() / 1e3,
                sample.position(),
                answer,
                now,
                TimeUnit.NANOSECONDS.toMillis(verdict.staleNanos()),
                sinceRead,
                sinceRead + sample.recordAgeMillis(),
                merged(known, histories.apply(sample.group(), sample.key())));
    }

    /** What was known at first, and what has come since. */
    private static Map<String, List<HistoryEvent>> merged(
            Map<String, List<HistoryEvent>> first, Map<String, List<HistoryEvent>> now) {
        Map<String, List<HistoryEvent>> merged = new TreeMap<>();
        for (String node : concat(first.keySet(), now.keySet())) {
            List<HistoryEvent> events = new ArrayList<>(first.getOrDefault(node, List.of()));
            long last = events.isEmpty() ? Long.MIN_VALUE : events.getLast().getAtMillis();
            for (HistoryEvent event : now.getOrDefault(node, List.of())) {
                if (event.getAtMillis() > last || (event.getAtMillis() == last && !events.contains(event))) {
                    events.add(event);
                }
            }
            merged.put(node, List.copyOf(events));
        }
        return merged;
    }

    private static Set<String> concat(Set<String> first, Set<String> second) {
        Set<String> all = new TreeSet<>(first);
        all.addAll(second);
        return all;
    }
}
