package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.PastMaxStaleness;
import io.sluice.node.Failures;
import io.sluice.node.load.BatchLoader;
import io.sluice.node.load.Loaded;
import io.sluice.node.load.Loader;
import io.sluice.proto.v1.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds the answer to a read.
 *
 * <ol>
 *   <li>Its memory, if it may hold the key; else its copy of a hot key, if there is one.
 *   <li>The holders of the key in order, owner first, until one can be reached: so the owner loads, and there is one
 *       load in the cluster. When the node itself is next in that order, it is its turn.
 *   <li>While a ring drains, the memory of who held the key before ({@link Peeks}).
 *   <li>The source. What is loaded is kept if this node may hold the key, and not when it only stands in because no
 *       holder can be reached.
 * </ol>
 *
 * A read that another node forwarded is never forwarded again, so two nodes that disagree about the ring cannot loop.
 *
 * <p>Thread-safe. {@link #fromMemory} never blocks and belongs on network threads; {@link #read} blocks and never does.
 */
public final class ReadPath {
    /** What there is one flight for. With the definition: a flight of another one brings another kind of value. */
    record FlightKey(String group, long definition, String key) {
        static FlightKey of(Read read) {
            return new FlightKey(read.group().name(), read.group().definition(), read.key());
        }
    }

    private final Holdings holdings;
    private final Forwards forwards;
    private final HotCopies hotCopies;
    private final Peeks peeks;
    private final Fills fills;
    private final Answers answers;
    private final Memory memory;
    private final ReadEvents events;
    private final Clocks clock;
    private final BatchLoads batches;

    /** What a flight lands with; nothing where each of those on it has to look at memory. */
    private final Flights<FlightKey, Optional<Loaded>> flights = new Flights<>();

    /** What the caller that leads a flight knows by itself. Used by one thread. */
    private static final class Own {
        private boolean led;
        private @Nullable Answer answer;
    }

    public ReadPath(
            String self,
            Holdings holdings,
            Forwards forwards,
            Peers peers,
            HotCopies hotCopies,
            Copies copies,
            ReadEvents events,
            Clocks clock) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.forwards = requireNonNull(forwards, "forwards is null");
        this.hotCopies = requireNonNull(hotCopies, "hotCopies is null");
        this.events = requireNonNull(events, "events is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.fills = new Fills(self, new Admission(holdings), copies, clock);
        this.peeks = new Peeks(self, holdings, peers, fills, events, clock::nanos);
        this.answers = new Answers(self);
        this.memory = new Memory(self, holdings, answers, events, clock);
        this.batches =
                new BatchLoads(holdings, flights, peeks, fills, this::answerOfLoad, this::again, events, clock::nanos);
    }

    /** The answer from this node's memory; null when it has none that satisfies the request. */
    public @Nullable Answer fromMemory(Read read) {
        return fromMemory(read, true);
    }

    /** As {@link #fromMemory}, for who only wants to know: it is no use of what is found and counts nothing. */
    public @Nullable Answer look(Read read) {
        return fromMemory(read, false);
    }

    /** Another look at the memory for a read that is counted already, and is answered with what is there now. */
    private @Nullable Answer again(Read read) {
        Held held = memory.held(read, false);
        return held == null ? copyOfOthers(read) : memory.given(read, held.answer());
    }

    private @Nullable Answer fromMemory(Read read, boolean counted) {
        Topology topology = holdings.topology();
        CacheGroup group = read.group();
        if (!holdings.mayHold(topology, group, read.hash())) {
            return hotCopy(read, counted);
        }
        Held held = memory.held(topology, read, counted);
        return held == null ? null : held.answer();
    }

    /** The answer of a copy of a key that this node does not hold: for who has looked for what it holds already. */
    public @Nullable Answer copyOfOthers(Read read) {
        return holdings.mayHold(holdings.topology(), read.group(), read.hash()) ? null : hotCopy(read, true);
    }

    private @Nullable Answer hotCopy(Read read, boolean counted) {
        if (read.forwarded() || !holdings.isLeased()) {
            return null;
        }
        return counted ? memory.given(read, hotCopies.find(read)) : hotCopies.look(read);
    }

    /**
     * What this node has as a holder of the key; null when it has nothing that satisfies the request. Never blocks.
     *
     * @param counted false for another look for a read that is counted already
     */
    public @Nullable Held held(Read read, boolean counted) {
        return memory.held(read, counted);
    }

    /**
     * The answer from wherever it can be had, once memory had none.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the key does not fit its group's template, which
     *     only a key that memory does not have needs to be checked for
     */
    public Answer read(Read read) {
        return read(read, Set.of());
    }

    /**
     * The same where some have been asked already.
     *
     * @param silent members that did not answer for this request and are not asked again
     */
    public Answer read(Read read, Set<Member> silent) {
        Loader loader = read.group().loader();
        if (!loader.accepts(read.key())) {
            throw Failures.invalid("The key does not fit the key template of group "
                    + read.group().name() + ": build it as the rules file declares");
        }
        Optional<Answer> answer = read.forwarded() ? Optional.empty() : forwards.read(read, silent);
        return answer.isPresent() ? answer.get() : answerHere(read, loader);
    }

    /**
     * Answers of this node for several reads of one group, loaded together: those for which that is right. The others
     * are to be read one by one, which waits for the flights of others.
     *
     * @param reads at most {@link BatchLoader#mostKeys}
     * @return each gives the answer or throws as {@link #read} does
     */
    public Map<Read, Supplier<Answer>> readTogether(List<Read> reads, BatchLoader loader) {
        return batches.read(reads, loader);
    }

    private Answer answerHere(Read read, Loader loader) {
        while (true) {
            Own own = new Own();
            Optional<Loaded> landed = flights.fly(
                    FlightKey.of(read),
                    flight -> mayJoin(flight, read),
                    read.deadline(),
                    flight -> lead(flight, loader, read, own));
            Answer answer = own.answer != null ? own.answer : answer(landed, read, own.led);
            if (answer != null) {
                return answer;
            }
            if (read.deadline().isExpired()) {
                throw Failures.deadlineExceeded("No load of this key was new enough within the request's deadline");
            }
        }
    }

    /**
     * What a landing is worth to one of those on the flight; null when it is too old and was another's, who began
     * before this one asked: then the next may do. The clock is read once, since by the next reading it may not fit any
     * more.
     */
    private @Nullable Answer answer(Optional<Loaded> landed, Read read, boolean led) {
        if (landed.isEmpty()) {
            return again(read);
        }
        Loaded loaded = landed.get();
        long bound = boundOf(loaded, read);
        boolean fits = read.satisfiedBy(loaded.stamp()) && read.tolerates(bound);
        return led || fits ? answerOfLoad(loaded, read, bound) : null;
    }

    /** To who led the load: the next could only be better if the source moves on. */
    private Answer answerOfLoad(Loaded loaded, Read read) {
        return answerOfLoad(loaded, read, boundOf(loaded, read));
    }

    private Answer answerOfLoad(Loaded loaded, Read read, long bound) {
        if (!read.satisfiedBy(loaded.stamp())) {
            throw Failures.unavailable("The source of group " + read.group().name()
                    + " has not reached min_position yet: try again, or check that the position is of this source");
        }
        CacheGroup group = read.group();
        if (!read.tolerates(bound)) {
            throw Failures.unavailable("What the source of group " + group.name()
                    + " has now may be staler than max_staleness_millis, since the load took long or its server lags:"
                    + " try again, or allow more");
        }
        if (group.freshness().isPast(bound) && group.freshness().past() == PastMaxStaleness.FAIL) {
            throw memory.past(group);
        }
        memory.given(group, bound);
        return answers.ofLoad(group, loaded, bound, holdings.topology().revision());
    }

    private long boundOf(Loaded loaded, Read read) {
        return read.group().freshness().ofLoad(loaded, clock);
    }

    /**
     * The join rule. A flight that has not read its position yet is as good as a load that starts now. One that has is
     * good if the fence, which has seen every Remove that was done, would still admit it; but only a holder is sent
     * Removes, so elsewhere the fence knows nothing.
     */
    private boolean mayJoin(Flight<Optional<Loaded>> flight, Read read) {
        Flight.Departure departure = flight.departure();
        if (departure == null) {
            return true;
        }
        CacheGroup group = read.group();
        SourcePosition stamp = departure.stamp().position();
        return read.satisfiedBy(stamp)
                && read.tolerates(group.freshness().ofLoad(departure.stamp(), departure.startNanos(), clock))
                && holdings.mayHold(holdings.topology(), group, read.hash())
                && group.store().admits(read.storeKey(), stamp, departure.startNanos());
    }

    /**
     * Loads, unless another flight has landed since this caller looked at the memory, or a previous holder has the
     * entry. That lands with nothing for those who joined: each looks for itself, since it may have asked after a
     * Remove that the leader did not see:
     *
     * <pre>
     * 1: leads a flight and finds the old entry, in memory or at the previous owner
     *    Remove of the key: done
     * 2: misses, joins the flight of 1, which has read no position yet
     * </pre>
     */
    private Optional<Loaded> lead(Flight<Optional<Loaded>> flight, Loader loader, Read read, Own own) {
        own.led = true;
        own.answer = again(read);
        if (own.answer == null) {
            own.answer = peeked(read);
        }
        if (own.answer != null) {
            return Optional.empty();
        }
        memory.lookPast(read);
        Topology topology = holdings.topology();
        long startNanos = clock.nanos();
        boolean done = false;
        try {
            Loaded loaded =
                    loader.load(read.key(), new Departures(List.of(new Departures.Led(read, flight)), startNanos));
            done = true;
            events.keyLoaded(read, loaded.stamp());
            fills.keep(read, loaded, topology);
            return Optional.of(loaded);
        } finally {
            events.loaded(read.group(), clock.nanos() - startNanos, done);
        }
    }

    private @Nullable Answer peeked(Read read) {
        Peeks.Peeked peeked = peeks.look(read);
        if (peeked == null) {
            return null;
        }
        long nowNanos = clock.nanos();
        // Whoever was asked has applied what was applied here when it was asked: that is done everywhere.
        long bound = read.group().freshness().ofEntry(peeked.known(), peeked.entry(), clock, nowNanos);
        if (!memory.isFreshEnough(read, bound)) {
            return null;
        }
        memory.given(read.group(), bound);
        return answers.ofPeek(read.group(), peeked, bound, nowNanos);
    }
}
