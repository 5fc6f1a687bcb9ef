package io.sluice.cli.coherence.judge;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.faults.Causes;
import io.sluice.client.Answer;
import io.sluice.client.ServedFrom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Says of every answer how old it was, and counts. Thread-safe. */
public final class Judge {
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(1);
    /** So that there are few lines, and one of the worst. */
    private static final int WORSE = 2;

    private static final int MOST_LINES = 20;
    private static final int MOST_FAILURES = 20;
    private static final String VERSION = "\"version\":";

    private final Ledger ledger;
    private final Consumer<String> complaints;
    private final AtomicLong worstNanos = new AtomicLong(WORTH_A_LINE.toNanos() / WORSE);
    private final Map<Path, LongAdder> reads = new EnumMap<>(Path.class);
    private final Map<ServedFrom, LongAdder> sources = new EnumMap<>(ServedFrom.class);
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final LongAdder failed = new LongAdder();
    private final LongAdder neverWritten = new LongAdder();
    private final LongAdder bounded = new LongAdder();
    private final LongAdder beyondBound = new LongAdder();
    private final LongAdder over1s = new LongAdder();
    private final LongAdder over5s = new LongAdder();
    private final LongAdder over60s = new LongAdder();
    private final AtomicReference<String> unjudged = new AtomicReference<>("");

    /**
     * @param complaints is told of answers that were out of date for over a second, and for twice as long as any
     *     before, and of the first that were never true
     */
    public Judge(Ledger ledger, Consumer<String> complaints) {
        this.ledger = requireNonNull(ledger, "ledger is null");
        this.complaints = requireNonNull(complaints, "complaints is null");
        for (Path path : Path.values()) {
            reads.put(path, new LongAdder());
        }
        for (ServedFrom source : ServedFrom.values()) {
            sources.put(source, new LongAdder());
        }
    }

    /** What the answer says that the row is: its version, or {@link RowHistory#ABSENT}. */
    public static long version(Answer answer) {
        if (!answer.found()) {
            return RowHistory.ABSENT;
        }
        String text = answer.value().toStringUtf8();
        int at = text.indexOf(VERSION);
        if (at < 0) {
            // No row ever has it: such an answer was never true.
            return Long.MAX_VALUE;
        }
        int end = at + VERSION.length();
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return Long.parseLong(text, at + VERSION.length(), end, 10);
    }

    /**
     * For how many nanoseconds the answer had been out of date when it was asked for; 0 for not at all. Throws nothing:
     * network threads ask, and nobody hears of what they throw. So {@link #unjudged} tells.
     */
    public long judge(Reading reading) {
        try {
            return age(reading);
        } catch (RuntimeException | Error e) {
            unjudged.compareAndSet("", "an answer cannot be judged, " + reading + ": " + Causes.of(e));
            return Long.MAX_VALUE;
        }
    }

    private long age(Reading reading) {
        long version = version(reading.answer());
        long age = ledger.row(reading.key().id()).ageNanos(version, reading.beganNanos());
        requireNonNull(reads.get(reading.path())).increment();
        requireNonNull(sources.get(reading.answer().servedFrom())).increment();
        if (age == RowHistory.NEVER_WRITTEN) {
            if (neverWritten.sum() < MOST_LINES) {
                complain(reading, "a version that was never written");
            }
            neverWritten.increment();
            return Long.MAX_VALUE;
        }
        if (ledger.counts(reading.beganNanos())) {
            count(over1s, age, 1);
            count(over5s, age, 5);
            count(over60s, age, 60);
        }
        holdToItsBound(reading, age);
        long worst = worstNanos.get();
        if (age > WORSE * worst && worstNanos.compareAndSet(worst, age)) {
            complain(reading, String.format(Locale.ROOT, "out of date for %.3f s", age / 1e9));
        }
        return age;
    }

    /**
     * The bound counts from when the answer was made, which was after the read began: an answer that was out of date
     * for longer when it was asked for has promised what is not so.
     */
    private void holdToItsBound(Reading reading, long ageNanos) {
        OptionalLong bound = reading.answer().stalenessBoundMillis();
        if (bound.isEmpty()) {
            return;
        }
        bounded.increment();
        if (ageNanos > TimeUnit.MILLISECONDS.toNanos(bound.getAsLong() + 1)) {
            if (beyondBound.sum() < MOST_LINES) {
                complain(
                        reading,
                        String.format(Locale.ROOT, "out of date for %.3f s, beyond its bound", ageNanos / 1e9));
            }
            beyondBound.increment();
        }
    }

    private static void count(LongAdder over, long ageNanos, int seconds) {
        if (ageNanos > Duration.ofSeconds(seconds).toNanos()) {
            over.increment();
        }
    }

    private void complain(Reading reading, String what) {
        complaints.accept(what + ": " + reading + "; newest is version "
                + ledger.row(reading.key().id()).newest());
    }

    /** A read got no answer. */
    public void failed(Throwable failure) {
        failed.increment();
        // What comes after it is different each time.
        String why = String.valueOf(failure.getMessage()).split(": ", 2)[0];
        if (failures.containsKey(why) || failures.size() < MOST_FAILURES) {
            failures.computeIfAbsent(why, none -> new LongAdder()).increment();
        }
    }

    /** The first answer that could not be judged, and why; empty when there was none, as must be. */
    public String unjudged() {
        return unjudged.get();
    }

    /** Why reads got no answer, a line for each of the first reasons. */
    public List<String> failures() {
        return failures.entrySet().stream()
                .map(entry -> entry.getValue().sum() + " times: " + entry.getKey())
                .toList();
    }

    /** Answers judged, by path. */
    public Map<Path, Long> reads() {
        return sums(reads, Path.class);
    }

    /** The same by where the answer was from. */
    public Map<ServedFrom, Long> sources() {
        return sums(sources, ServedFrom.class);
    }

    private static <K extends Enum<K>> Map<K, Long> sums(Map<K, LongAdder> counts, Class<K> type) {
        Map<K, Long> sums = new EnumMap<>(type);
        counts.forEach((key, count) -> sums.put(key, count.sum()));
        return sums;
    }

    /** Reads without an answer. */
    public long failedReads() {
        return failed.sum();
    }

    /** Answers that the row never was: none may be. */
    public long neverWritten() {
        return neverWritten.sum();
    }

    /** Answers that came with a bound of their staleness. */
    public long bounded() {
        return bounded.sum();
    }

    /** Of these, the ones that were out of date for longer than that: none may be. */
    public long beyondBound() {
        return beyondBound.sum();
    }

    public long over1s() {
        return over1s.sum();
    }

    public long over5s() {
        return over5s.sum();
    }

    public long over60s() {
        return over60s.sum();
    }
}
