package io.sluice.cli.demo;

import io.sluice.client.Answer;
import io.sluice.client.SluiceClient;
import io.sluice.client.SluiceException;
import io.sluice.cluster.RingRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Readers that go on while a node is killed. Used once, by one thread; its readers end with {@link #run}. */
final class ReadsDuringKill {
    private static final int READERS = 4;
    private static final int KEYS = 300;
    private static final Duration BEFORE = Duration.ofMillis(500);
    private static final Duration AFTER = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SluiceClient client;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    ReadsDuringKill(SluiceClient client) {
        this.client = client;
    }

    /** Kills the node in the middle; the time is how long it took until the cluster went on without it. */
    DemoStep.Outcome run(SluiceProcess victim) throws InterruptedException {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            int seed = i;
            readers.add(Thread.ofVirtual().name("reader-" + i).start(() -> read(new SplittableRandom(seed))));
        }
        LockSupport.parkNanos(BEFORE.toNanos());
        long before = reads.get();
        victim.kill();
        long killed = System.nanoTime();
        while (isInActiveRing(victim.name())) {
            StepFailedException.check(
                    System.nanoTime() - killed < PATIENCE.toNanos(),
                    victim.name() + " is still in the active ring " + PATIENCE.toSeconds() + " s after it was killed");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        Duration gone = Duration.ofNanos(System.nanoTime() - killed);
        LockSupport.parkNanos(AFTER.toNanos());
        running.set(false);
        for (Thread reader : readers) {
            reader.join();
        }
        StepFailedException.check(
                failures.isEmpty(),
                failures.size() + " of " + reads.get() + " reads failed, the first: " + failures.peek());
        StepFailedException.check(reads.get() > before, "no read was made after the kill");
        return new DemoStep.Outcome(
                String.format(
                        Locale.ROOT,
                        "%,d reads, none failed, the slowest took %,d ms; the ring without %s after",
                        reads.get(),
                        TimeUnit.NANOSECONDS.toMillis(slowestNanos.get()),
                        victim.name()),
                gone);
    }

    /** A draining ring has it for longer: its entries may still be asked for there, and are not found. */
    private boolean isInActiveRing(String name) {
        RingRecord active = client.topology().activeRing();
        return active != null
                && active.members().stream().anyMatch(member -> member.name().equals(name));
    }

    private void read(SplittableRandom random) {
        while (running.get()) {
            String key = Integer.toString(200 + random.nextInt(KEYS));
            long start = System.nanoTime();
            try {
                Answer answer = client.get("student", key);
                if (!answer.found()) {
                    failures.add("a student was not found");
                }
            } catch (SluiceException e) {
                failures.add(e.code() + ": " + e.getMessage());
            }
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            reads.incrementAndGet();
        }
    }
}
