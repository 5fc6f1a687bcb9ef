package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.loader.LoadedValue;
import io.sluice.loader.ValueLoader;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.mapping.LoaderChoice;
import io.sluice.node.Failures;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads the values of one group with code that others have written, within the limits of all loads: so many calls at a
 * time, so long, values so large. A call that takes too long is interrupted; one that does not care keeps its place
 * until it ends, so that code that hangs cannot take more and more threads.
 *
 * <p>The position of a value comes with it, not before. Until then nobody may take the flight for newer than its start:
 *
 * <pre>
 * 1: leads a flight; the loader reads the old value
 *    it changes; Remove: done
 * 2: would join the flight, if it counted as one that has not read its position yet
 * </pre>
 *
 * So the flight is told at its start that it has no position, and is joined by time.
 *
 * <p>Thread-safe. Calls run on virtual threads named {@code loader-<group>-}, which {@link #close} interrupts.
 */
public final class ProvidedLoader implements Loader, AutoCloseable {
    private static final long CLOSE_SECONDS = 2;

    private final Group group;
    private final String name;
    private final boolean positioned;
    private final ValueLoader loader;
    private final LoadSettings settings;
    private final LoadRefusals refusals;
    private final LongSupplier nanoClock;
    private final PositionParser positions = new PositionParser();
    private final Semaphore places;
    private final ExecutorService threads;

    /** Opens the loader that the group chooses; throws IllegalArgumentException where there is none or it refuses. */
    public ProvidedLoader(
            Group group,
            LoaderChoice choice,
            Coherence coherence,
            LoaderProviders providers,
            LoadSettings settings,
            LongSupplier nanoClock) {
        this.group = requireNonNull(group, "group is null");
        this.name = choice.name();
        this.positioned = coherence == Coherence.GTID;
        this.settings = requireNonNull(settings, "settings is null");
        this.refusals = new LoadRefusals(group, name, settings);
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.places = new Semaphore(settings.connections());
        this.loader = providers.open(group.name(), choice);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("loader-" + group.name() + "-", 0).factory());
    }

    @Override
    public boolean accepts(String key) {
        return group.key().parse(key).isPresent();
    }

    @Override
    public Loaded load(String key, Departing departing) {
        Map<String, String> parts = Map.copyOf(group.key().parse(key).orElseThrow());
        long startNanos = nanoClock.getAsLong();
        departing.goesBy(LoadStamp.NONE);
        LoadedValue value = call(parts);
        if (value.bytes().length > settings.valueBytes()) {
            throw refusals.tooLarge();
        }
        return new Loaded(value.isFound(), value.bytes(), stamp(value), startNanos, value.isKept());
    }

    private SourcePosition stamp(LoadedValue value) {
        if (!positioned) {
            return SourcePosition.UNKNOWN;
        }
        try {
            return positions.parse(value.gtidSet());
        } catch (PositionFormatException e) {
            throw Failures.failedPrecondition("Loader " + name + " of group " + group.name()
                    + " tells a position that is no GTID set: " + e.getMessage());
        }
    }

    private LoadedValue call(Map<String, String> parts) {
        long untilNanos = System.nanoTime() + settings.timeout().toNanos();
        try {
            if (!places.tryAcquire(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
                throw unavailable("has " + settings.connections()
                        + " calls under way (loads.connections), and none ended in time");
            }
            Call call = start(parts);
            try {
                LoadedValue value = call.value.get(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (value == null) {
                    throw unavailable("answered null; LoadedValue.missing() says that there is no value");
                }
                return value;
            } finally {
                call.giveUp();
            }
        } catch (TimeoutException e) {
            throw unavailable("did not answer within " + settings.timeout().toMillis() + " ms (loads.timeout)");
        } catch (ExecutionException e) {
            throw unavailable(
                    "failed with " + requireNonNull(e.getCause()).getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.stopping();
        }
    }

    private Call start(Map<String, String> parts) {
        Call call = new Call(parts);
        try {
            threads.execute(call);
            return call;
        } catch (RejectedExecutionException e) {
            places.release();
            throw Failures.stopping();
        }
    }

    /** One call; it runs to its end, and gives its place back, also when nobody waits for it any more. */
    private final class Call implements Runnable {
        private final Map<String, String> parts;
        private final CompletableFuture<LoadedValue> value = new CompletableFuture<>();
        private @Nullable Thread thread;
        private boolean over;

        Call(Map<String, String> parts) {
            this.parts = parts;
        }

        @Override
        public void run() {
            try {
                if (begin()) {
                    Thread.currentThread()
                            .setContextClassLoader(loader.getClass().getClassLoader());
                    value.complete(loader.load(parts));
                }
            } catch (Throwable e) {
                value.completeExceptionally(e);
            } finally {
                end();
                places.release();
            }
        }

        private synchronized boolean begin() {
            thread = Thread.currentThread();
            return !over;
        }

        private synchronized void end() {
            over = true;
        }

        /** Interrupts it if it still runs, and keeps it from beginning. */
        synchronized void giveUp() {
            Thread running = thread;
            if (!over && running != null) {
                running.interrupt();
            }
            over = true;
        }
    }

    private StatusRuntimeException unavailable(String what) {
        return Failures.unavailable("Loader " + name + " of group " + group.name() + " " + what
                + ". Keys in memory are still served; check what the loader reads from");
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            boolean ended = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            if (ended) {
                loader.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
