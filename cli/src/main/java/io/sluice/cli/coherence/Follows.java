package io.sluice.cli.coherence;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.coherence.judge.Judge;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.cli.faults.Patience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at changes, right after their commit, by every reader until it has seen them, so that it is known for how long
 * the old version was to be had, and not only when somebody happens to ask. At most {@value #MOST} changes are followed
 * at a time; while the change stream stands still the others are not. Owns the thread {@code coherence-follows}, until
 * closed. Thread-safe.
 */
final class Follows implements AutoCloseable {
    private static final int MOST = 200;

    private final Readers readers;
    private final Judge judge;
    private final Queue<Follow> begun = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final LongAdder followed = new LongAdder();
    private final Thread thread = new Thread(this::run, "coherence-follows");
    private volatile boolean running = true;

    private Follows(Readers readers, Judge judge) {
        this.readers = requireNonNull(readers, "readers is null");
        this.judge = requireNonNull(judge, "judge is null");
    }

    static Follows start(Readers readers, Judge judge) {
        Follows follows = new Follows(readers, judge);
        follows.thread.start();
        return follows;
    }

    /** A change of the key was committed just now. */
    void follow(RowKey key) {
        if (open.get() < MOST) {
            open.incrementAndGet();
            followed.increment();
            begun.add(new Follow(key, System.nanoTime()));
        }
    }

    /** How many changes have been followed. */
    long followed() {
        return followed.sum();
    }

    private void run() {
        List<Follow> follows = new ArrayList<>();
        while (running) {
            for (Follow follow = begun.poll(); follow != null; follow = begun.poll()) {
                follows.add(follow);
            }
            List<Reader> all = readers.all();
            all.forEach(reader -> ask(reader, follows));
            long now = System.nanoTime();
            int before = follows.size();
            follows.removeIf(follow -> follow.over(all, now));
            open.addAndGet(follows.size() - before);
            LockSupport.parkNanos(Follow.SOONEST_NANOS);
        }
    }

    private void ask(Reader reader, List<Follow> follows) {
        long now = System.nanoTime();
        Map<RowKey, List<Follow>> asked = new HashMap<>();
        for (Follow follow : follows) {
            if (follow.asks(reader, now)) {
                asked.computeIfAbsent(follow.key(), key -> new ArrayList<>()).add(follow);
            }
        }
        if (!asked.isEmpty()) {
            unanswered.addAndGet(asked.size());
            reader.read(List.copyOf(asked.keySet()), new Sink(reader, asked));
        }
    }

    /** Returns when every read has been answered, or its deadline has passed. */
    @Override
    public void close() {
        running = false;
        Patience.await("answers to the last looks", () -> !thread.isAlive() && unanswered.get() == 0);
    }

    private final class Sink implements Reader.Sink {
        private final Reader reader;
        private final Map<RowKey, List<Follow>> asked;

        Sink(Reader reader, Map<RowKey, List<Follow>> asked) {
            this.reader = reader;
            this.asked = asked;
        }

        @Override
        public void answered(Reading reading) {
            boolean outOfDate = judge.judge(reading) > 0;
            tell(reading.key(), outOfDate);
        }

        @Override
        public void failed(RowKey key, Throwable failure) {
            judge.failed(failure);
            tell(key, false);
        }

        private void tell(RowKey key, boolean outOfDate) {
            unanswered.decrementAndGet();
            long now = System.nanoTime();
            asked.getOrDefault(key, List.of()).forEach(follow -> follow.saw(reader, outOfDate, now));
        }
    }
}
