package io.sluice.system;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.SluiceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Writers that update random {@link Items}, and a reader on every node, until closed. Thread-safe. */
final class Traffic implements AutoCloseable {
    private static final int WRITERS = 2;
    /** So that two cores have room for the rest; nothing waits on it. */
    private static final long BETWEEN_WRITES_NANOS = 1_000_000;

    private final Scene scene;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failedReads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failedWrites = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Traffic(Scene scene) {
        this.scene = scene;
    }

    static Traffic start(Scene scene) {
        Traffic traffic = new Traffic(scene);
        for (int i = 0; i < WRITERS; i++) {
            long seed = i;
            traffic.threads.add(Thread.ofVirtual().name("writer-" + i).start(() -> traffic.write(seed)));
        }
        for (SluiceProcess node : scene.nodes()) {
            traffic.threads.add(
                    Thread.ofVirtual().name("reader-of-" + node.name()).start(() -> traffic.read(node)));
        }
        return traffic;
    }

    private void write(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Connection connection = scene.connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE items SET version = GREATEST(version + 1, ?) WHERE id = ?")) {
            while (running.get()) {
                update.setLong(1, version.incrementAndGet());
                update.setInt(2, 1 + random.nextInt(Items.COUNT));
                update.executeUpdate();
                writes.incrementAndGet();
                LockSupport.parkNanos(BETWEEN_WRITES_NANOS);
            }
        } catch (SQLException e) {
            failedWrites.add(e.toString());
        }
    }

    private void read(SluiceProcess node) {
        SplittableRandom random = new SplittableRandom(node.name().hashCode());
        while (running.get()) {
            try {
                scene.on(node, Items.GROUP, Integer.toString(1 + random.nextInt(Items.COUNT)));
            } catch (SluiceException e) {
                failedReads.add(e.code() + ": " + e.getMessage());
                LockSupport.parkNanos(BETWEEN_WRITES_NANOS);
            }
        }
    }

    /** Waits until so many more rows have changed. */
    void awaitWrites(int more) {
        long enough = writes.get() + more;
        Awaitility.await().atMost(PATIENCE).until(() -> writes.get() >= enough || !failedWrites.isEmpty());
    }

    /** What readers were answered in the place of a value; legal while a node is away. */
    List<String> failedReads() {
        return List.copyOf(failedReads);
    }

    /** Ends and joins every thread. */
    @Override
    public void close() {
        running.set(false);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failedWrites.isEmpty()) {
            throw new AssertionError("MySQL refused writes: " + failedWrites);
        }
    }
}
