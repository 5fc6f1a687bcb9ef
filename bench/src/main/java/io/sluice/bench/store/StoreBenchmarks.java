package io.sluice.bench.store;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** What JMH runs, in a JVM of its own for each contestant, benchmark and number of threads. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class StoreBenchmarks {
    static final int KEYS = 100_000;

    /** The cache, full at the start of each trial. */
    @State(Scope.Benchmark)
    public abstract static class Cache {
        @Param("sluice")
        public String contestant = "";

        private @Nullable Contestant cache;

        final void fill(int maxEntries) {
            Contestant filled = ContestantKind.named(contestant).create(new Payload(KEYS), maxEntries);
            for (int key = 0; key < KEYS; key++) {
                filled.put(key);
            }
            long expected = Math.min(KEYS, maxEntries);
            if (filled.entries() < expected * 9 / 10 || filled.entries() > expected * 11 / 10) {
                throw new IllegalStateException(
                        contestant + " holds " + filled.entries() + " entries, expected about " + expected);
            }
            cache = filled;
        }

        final Contestant cache() {
            if (cache == null) {
                throw new IllegalStateException("the cache was not set up");
            }
            return cache;
        }
    }

    /** Room for a quarter more than all keys, so that every get is a hit. */
    public static class Roomy extends Cache {
        @Setup(Level.Trial)
        public void setUp() {
            fill(KEYS + KEYS / 4);
            for (int key = 0; key < KEYS; key++) {
                if (cache().get(key) == null) {
                    throw new IllegalStateException(contestant + " does not hold every key");
                }
            }
        }
    }

    /** Room for half of the keys. */
    public static class Half extends Cache {
        @Setup(Level.Trial)
        public void setUp() {
            fill(KEYS / 2);
        }
    }

    /** A thread's requests. */
    @State(Scope.Thread)
    public static class Drawn {
        @Param("uniform")
        public String keys = "";

        private Requests requests = Requests.everyKeyInTurn(1, 0, 1);
        private int operations;

        @Setup(Level.Trial)
        public void setUp(ThreadParams thread) {
            long seed = 1L + thread.getThreadIndex();
            requests = keys.equals("zipf") ? Requests.zipf(KEYS, seed) : Requests.uniform(KEYS, seed);
        }

        final int next() {
            return requests.next();
        }

        /** Every fourth operation is a put. */
        final boolean isPutsTurn() {
            return (++operations & 3) == 0;
        }
    }

    /** A thread's part of all keys. */
    @State(Scope.Thread)
    public static class InTurn {
        private Requests requests = Requests.everyKeyInTurn(1, 0, 1);

        @Setup(Level.Trial)
        public void setUp(ThreadParams thread) {
            requests = Requests.everyKeyInTurn(KEYS, thread.getThreadIndex(), thread.getThreadCount());
        }
    }

    @Benchmark
    public @Nullable Object getHit(Roomy roomy, Drawn requests) {
        return roomy.cache().get(requests.next());
    }

    @Benchmark
    public @Nullable Object mixed(Roomy roomy, Drawn requests) {
        int key = requests.next();
        if (requests.isPutsTurn()) {
            roomy.cache().put(key);
            return null;
        }
        return roomy.cache().get(key);
    }

    @Benchmark
    public void putEvict(Half half, InTurn inTurn) {
        half.cache().put(inTurn.requests.next());
    }
}
