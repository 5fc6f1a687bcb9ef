package io.sluice.sync.heartbeat;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beats regularly on one source, into every partition that this instance consumes, on the thread
 * {@code sluice-sync-pulse-<source>}. While it consumes none it does not beat.
 *
 * <p>Safe for use by many threads. Invariant: one beat at a time; a beat that fails is not repeated, the next one
 * comes.
 */
public final class Pulse implements Echoes, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Pulse.class);

    private final String source;
    private final Heartbeats heartbeats;
    private final Supplier<Collection<Partition>> partitions;
    private final Duration interval;
    private final String instance;
    private final BeatListener listener;
    private final HeartbeatIds ids = new HeartbeatIds();
    private final SentBeats sent = new SentBeats();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean failing;
    private boolean toldOfSilence;

    /**
     * @param partitions those that this instance consumes at the moment
     * @param listener told of each beat
     */
    public Pulse(
            String source,
            String instance,
            Heartbeats heartbeats,
            Supplier<Collection<Partition>> partitions,
            Duration interval,
            BeatListener listener) {
        this.source = requireNonNull(source, "source is null");
        this.instance = requireNonNull(instance, "instance is null");
        this.heartbeats = requireNonNull(heartbeats, "heartbeats is null");
        this.partitions = requireNonNull(partitions, "partitions is null");
        this.interval = requireNonNull(interval, "interval is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.thread = Thread.ofPlatform().name("sluice-sync-pulse-" + source).unstarted(this::run);
    }

    /** Starts beating. */
    public void start() {
        thread.start();
    }

    @Override
    public @Nullable Echo arrived(Heartbeat heartbeat, Partition partition) {
        ids.seen(heartbeat.id(), partition);
        SentBeats.Sent own = heartbeat.instance().equals(instance) ? sent.find(heartbeat.beat()) : null;
        return own == null ? null : new Echo(own.committedNanos(), own.executed());
    }

    /** Whether the last beat failed. */
    public boolean isFailing() {
        return failing;
    }

    /** How many partitions no heartbeat was ever seen in. */
    public int silentPartitions() {
        return ids.silent(partitions.get()).size();
    }

    private void run() {
        try {
            do {
                beatOnce();
            } while (!stopping.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            log.debug("Pulse interrupted");
        } catch (Throwable e) {
            failing = true;
            log.error(
                    "The pulse of source {} ends: nodes are told no applied positions of it any more. Restart the"
                            + " process",
                    source,
                    e);
        }
    }

    private void beatOnce() {
        Collection<Partition> mine = partitions.get();
        SortedSet<Integer> next = ids.next(mine);
        if (next.isEmpty()) {
            return;
        }
        long beat = heartbeats.nextBeat();
        Consumer<PrimaryState> beginning = listener.begins(source);
        try {
            PrimaryState state = heartbeats.beat(source, next, beat);
            beginning.accept(state);
            sent.add(new SentBeats.Sent(beat, System.nanoTime(), state.executed()));
            if (failing) {
                log.info("Heartbeats on source {} are written again", source);
            }
            failing = false;
        } catch (HeartbeatException e) {
            if (!failing) {
                log.warn(
                        "{}. Until it can be written nodes do not learn how far the change stream is applied",
                        e.getMessage());
            }
            failing = true;
        }
        tellOfSilence(mine);
    }

    private void tellOfSilence(Collection<Partition> mine) {
        if (ids.exhausted() && !toldOfSilence) {
            Set<Partition> silent = ids.silent(mine);
            if (!silent.isEmpty()) {
                toldOfSilence = true;
                log.warn(
                        "No heartbeat of source {} ever came back in {} of {} partitions, such as {}, so nodes cannot be"
                                + " told how far the change stream is applied: let Canal send the heartbeat table to the"
                                + " topic, and spread it by canal.mq.partitionHash over its column id",
                        source,
                        silent.size(),
                        mine.size(),
                        silent.iterator().next());
            }
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
