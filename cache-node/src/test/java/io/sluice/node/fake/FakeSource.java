package io.sluice.node.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.StatusRuntimeException;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.load.BatchLoader;
import io.sluice.node.load.Departing;
import io.sluice.node.load.LoadOutcome;
import io.sluice.node.load.LoadStamp;
import io.sluice.node.load.Loaded;
import io.sluice.node.load.Loader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A database of one table with positions, and the loader that reads it: first the position, then the row. A test can
 * stop a load at either step. Thread-safe.
 */
public final class FakeSource implements Loader, BatchLoader {
    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final AtomicLong transactions = new AtomicLong(1);
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger batchLoads = new AtomicInteger();
    private final LongSupplier nanoClock;
    private volatile int mostKeys;
    private volatile Consumer<String> beforePosition = FakeSource::pass;
    private volatile Consumer<String> beforeRow = FakeSource::pass;
    private volatile Consumer<String> afterRow = FakeSource::pass;
    private volatile boolean positioned = true;
    private volatile boolean loadsValues = true;
    private volatile boolean keepable = true;
    private volatile boolean astray;
    private volatile @Nullable SourcePosition polled;

    public FakeSource(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Changes a row, null deletes it; returns the position of the change. */
    public SourcePosition commit(String key, @Nullable String value) {
        if (value == null) {
            rows.remove(key);
        } else {
            rows.put(key, value);
        }
        // A position tells of changes that can be read already.
        return at(transactions.incrementAndGet());
    }

    private static void pass(String key) {}

    /** The position after that many transactions. */
    public static SourcePosition at(long transaction) {
        return SourcePosition.parse(SERVER + ":1-" + transaction);
    }

    /** The position of the latest change. */
    public SourcePosition position() {
        return positioned ? at(transactions.get()) : SourcePosition.UNKNOWN;
    }

    public int loads() {
        return loads.get();
    }

    public void beforePosition(Consumer<String> step) {
        beforePosition = step;
    }

    public void beforeRow(Consumer<String> step) {
        beforeRow = step;
    }

    public void afterRow(Consumer<String> step) {
        afterRow = step;
    }

    public void goOn() {
        beforePosition = FakeSource::pass;
        beforeRow = FakeSource::pass;
        afterRow = FakeSource::pass;
    }

    /** From now on loads go by the position of this moment, if they may. */
    public void poll() {
        polled = position();
    }

    /** Whether loads that begin from now on read another server than the one that is polled. */
    public void goesAstray(boolean now) {
        astray = now;
    }

    public void withoutPositions() {
        positioned = false;
    }

    /** As where the row does not render to the key. */
    public void notKeepable() {
        keepable = false;
    }

    /** As in a cache-aside group. */
    public void takesPuts() {
        loadsValues = false;
    }

    @Override
    public boolean loadsValues() {
        return loadsValues;
    }

    /** From now on several keys can be loaded at once, that many at the most. */
    public void loadsTogether(int most) {
        mostKeys = most;
    }

    public int batchLoads() {
        return batchLoads.get();
    }

    @Override
    public @Nullable BatchLoader batch() {
        return mostKeys == 0 ? null : this;
    }

    @Override
    public int mostKeys() {
        return mostKeys;
    }

    /** The position once; then the rows, each with its own steps. */
    @Override
    public Map<String, LoadOutcome> loadMany(List<String> keys, Departing departing) {
        batchLoads.incrementAndGet();
        long startNanos = nanoClock.getAsLong();
        keys.forEach(beforePosition);
        LoadStamp stamp = new LoadStamp(position(), astray);
        departing.goesBy(stamp);
        Map<String, LoadOutcome> outcomes = new HashMap<>();
        for (String key : keys) {
            try {
                outcomes.put(key, new LoadOutcome.Success(row(key, stamp, startNanos)));
            } catch (StatusRuntimeException e) {
                outcomes.put(key, new LoadOutcome.Failure(e));
            }
        }
        return outcomes;
    }

    @Override
    public boolean accepts(String key) {
        return !key.contains("/");
    }

    @Override
    public Loaded load(String key, Departing departing) {
        loads.incrementAndGet();
        long startNanos = nanoClock.getAsLong();
        beforePosition.accept(key);
        SourcePosition before = polled;
        boolean elsewhere = astray;
        if (before != null && !elsewhere && departing.mayGoBy(before)) {
            return row(key, LoadStamp.of(before), startNanos);
        }
        LoadStamp stamp = new LoadStamp(position(), elsewhere);
        departing.goesBy(stamp);
        return row(key, stamp, startNanos);
    }

    private Loaded row(String key, LoadStamp stamp, long startNanos) {
        beforeRow.accept(key);
        if (!loadsValues) {
            return new Loaded(false, new byte[0], stamp, startNanos, false);
        }
        String row = rows.get(key);
        afterRow.accept(key);
        byte[] value = row == null ? new byte[0] : row.getBytes(UTF_8);
        return new Loaded(row != null, value, stamp, startNanos, keepable);
    }
}
