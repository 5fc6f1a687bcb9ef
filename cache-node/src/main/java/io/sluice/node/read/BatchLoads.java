package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Topology;
import io.sluice.node.Failures;
import io.sluice.node.load.BatchLoader;
import io.sluice.node.load.LoadOutcome;
import io.sluice.node.load.Loaded;
import io.sluice.node.read.Departures.Led;
import io.sluice.node.read.ReadPath.FlightKey;
import io.sluice.proto.v1.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads several keys at once, each on a flight of its own that this batch leads: whoever asks for one of them meanwhile
 * joins it by the usual rule, and each is kept by the usual rule.
 *
 * <p>A batch takes only flights that nobody leads, and lands all of them before it waits for anything but the source.
 * So batches with keys in common cannot wait for each other:
 *
 * <pre>
 * 1: batch of a, b takes the flight of a
 * 2: batch of b, a takes the flight of b
 * 1: b has a flight: left out
 * 2: a has a flight: left out
 * 1: loads and lands a, and only then joins the flight of b
 * 2: loads and lands b, and only then joins the flight of a
 * </pre>
 *
 * Keys that a previous holder may have in memory are left out as well; they are peeked for one by one.
 *
 * <p>Thread-safe; blocks.
 */
final class BatchLoads {
    private final Holdings holdings;
    private final Flights<FlightKey, Optional<Loaded>> flights;
    private final Peeks peeks;
    private final Fills fills;
    private final BiFunction<Loaded, Read, Answer> answerOfLoad;
    private final Function<Read, @Nullable Answer> memory;
    private final ReadEvents events;
    private final LongSupplier nanoClock;

    BatchLoads(
            Holdings holdings,
            Flights<FlightKey, Optional<Loaded>> flights,
            Peeks peeks,
            Fills fills,
            BiFunction<Loaded, Read, Answer> answerOfLoad,
            Function<Read, @Nullable Answer> memory,
            ReadEvents events,
            LongSupplier nanoClock) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.flights = requireNonNull(flights, "flights is null");
        this.peeks = requireNonNull(peeks, "peeks is null");
        this.fills = requireNonNull(fills, "fills is null");
        this.answerOfLoad = requireNonNull(answerOfLoad, "answerOfLoad is null");
        this.memory = requireNonNull(memory, "memory is null");
        this.events = requireNonNull(events, "events is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    Map<Read, Supplier<Answer>> read(List<Read> reads, BatchLoader loader) {
        Map<Read, Supplier<Answer>> answers = new HashMap<>();
        List<Led> led = new ArrayList<>();
        try {
            for (Read read : reads) {
                take(read, led, answers);
            }
            if (!led.isEmpty()) {
                load(led, loader, answers);
            }
            return answers;
        } catch (Throwable e) {
            // Those that have landed already are not among them any more.
            led.forEach(one -> flights.fail(FlightKey.of(one.read()), one.flight(), e));
            if (led.isEmpty() || !(e instanceof RuntimeException failure)) {
                throw e;
            }
            led.forEach(one -> answers.put(one.read(), () -> {
                throw failure;
            }));
            return answers;
        }
    }

    private void take(Read read, List<Led> led, Map<Read, Supplier<Answer>> answers) {
        if (!read.group().loader().accepts(read.key()) || peeks.wanted(read)) {
            return;
        }
        Flight<Optional<Loaded>> flight = flights.take(FlightKey.of(read));
        if (flight == null) {
            return;
        }
        led.add(new Led(read, flight));
        // Another flight may have landed since this read looked.
        Answer kept = memory.apply(read);
        if (kept != null) {
            answers.put(read, () -> kept);
            land(led, led.getLast(), Optional.empty());
        }
    }

    private void land(List<Led> led, Led one, Optional<Loaded> result) {
        led.remove(one);
        flights.land(FlightKey.of(one.read()), one.flight(), result);
    }

    private void load(List<Led> led, BatchLoader loader, Map<Read, Supplier<Answer>> answers) {
        CacheGroup group = led.getFirst().read().group();
        int keys = led.size();
        Topology topology = holdings.topology();
        long startNanos = nanoClock.getAsLong();
        boolean done = false;
        try {
            Map<String, LoadOutcome> outcomes = loader.loadMany(
                    led.stream().map(one -> one.read().key()).toList(), new Departures(led, startNanos));
            for (Led one : List.copyOf(led)) {
                switch (outcomes.get(one.read().key())) {
                    case LoadOutcome.Success(Loaded loaded) -> {
                        events.keyLoaded(one.read(), loaded.stamp());
                        fills.keep(one.read(), loaded, topology);
                        answers.put(one.read(), () -> answerOfLoad.apply(loaded, one.read()));
                        land(led, one, Optional.of(loaded));
                    }
                    case LoadOutcome.Failure(var reason) -> {
                        answers.put(one.read(), () -> {
                            throw reason;
                        });
                        led.remove(one);
                        flights.fail(FlightKey.of(one.read()), one.flight(), reason);
                    }
                    case null -> throw Failures.internal("A batch load forgot a key; please report it");
                }
            }
            done = true;
        } finally {
            events.loadedMany(group, keys, nanoClock.getAsLong() - startNanos, done);
        }
    }
}
