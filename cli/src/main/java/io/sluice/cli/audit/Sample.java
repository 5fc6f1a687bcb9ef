package io.sluice.cli.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key that is watched, and all that was learnt of the key since. Safe for use by many threads.
 *
 * <p>Invariant: the reads stand in the order of time, and there are never more than {@value #MOST_READS} of them; the
 * first ones stay, since they prove most.
 */
final class Sample {
    static final int MOST_READS = 64;

    private final String group;
    private final String key;
    private final String position;
    private final long readNanos;
    private final long recordAgeMillis;
    private final List<SourceRead> reads = new ArrayList<>();
    private final Map<String, Held> earlier = new HashMap<>();
    private volatile boolean superseded;
    private volatile boolean cancelled;

    /**
     * A change that was just read.
     *
     * @param position GTID set of the change as text; empty when it has none
     * @param recordAgeMillis how old its record in Kafka was when it was read, by two clocks
     */
    Sample(String group, String key, String position, long readNanos, long recordAgeMillis) {
        this.group = group;
        this.key = key;
        this.position = position;
        this.readNanos = readNanos;
        this.recordAgeMillis = recordAgeMillis;
    }

    String group() {
        return group;
    }

    String key() {
        return key;
    }

    String position() {
        return position;
    }

    long readNanos() {
        return readNanos;
    }

    long recordAgeMillis() {
        return recordAgeMillis;
    }

    /** The rules have changed, or the audit ends: nothing more is to be asked. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** The key has changed again: the newest change is what counts. */
    void supersede() {
        superseded = true;
    }

    boolean isSuperseded() {
        return superseded;
    }

    synchronized void add(SourceRead read) {
        if (reads.size() == MOST_READS) {
            reads.remove(MOST_READS / 2);
        }
        reads.add(read);
    }

    synchronized List<SourceRead> reads() {
        return List.copyOf(reads);
    }

    /** Remembers an answer; returns the first one of this holder with the same content, while no other came. */
    synchronized @Nullable Held seen(String holder, Held answer) {
        Held before = earlier.get(holder);
        if (before != null && before.content().equals(answer.content())) {
            return before;
        }
        earlier.put(holder, answer);
        return null;
    }

    /** The holder has nothing any more, so what it has later is another entry. */
    synchronized void forget(String holder) {
        earlier.remove(holder);
    }
}
