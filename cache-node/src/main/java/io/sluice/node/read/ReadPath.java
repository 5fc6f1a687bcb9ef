package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.load.Loaded;
import io.sluice.node.load.Loader;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import io.sluice.store.PutResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds the answer to a read.
 *
 * <ol>
 *   <li>Its memory, if it holds the key.
 *   <li>The holders of the key in order, owner first, until one can be reached: so the owner loads, and there is one
 *       load in the cluster. When the node itself is next in that order, it loads and keeps the value.
 *   <li>When no holder can be reached, it loads and does not keep the value.
 * </ol>
 *
 * A read that another node forwarded ends here: memory or load, never a further hop, so two nodes that disagree about
 * the ring cannot loop.
 *
 * <p>Thread-safe. {@link #fromMemory} never blocks and belongs on network threads; {@link #read} blocks and never does.
 */
public final class ReadPath {
    private record FlightKey(String group, String key) {}

    private final String self;
    private final Membership membership;
    private final BooleanSupplier mayHold;
    private final Peers peers;
    private final Copies copies;
    private final Answers answers;
    private final ReadEvents events;
    private final LongSupplier nanoClock;

    /** What a flight lands with; nothing where memory had the answer when it was about to load. */
    private final Flights<FlightKey, Optional<Loaded>> flights = new Flights<>();

    /** @param mayHold whether the others count on this node: false means that no Remove may reach it */
    public ReadPath(
            String self,
            Membership membership,
            BooleanSupplier mayHold,
            Peers peers,
            Copies copies,
            ReadEvents events,
            LongSupplier nanoClock) {
        this.self = requireNonNull(self, "self is null");
        this.membership = requireNonNull(membership, "membership is null");
        this.mayHold = requireNonNull(mayHold, "mayHold is null");
        this.peers = requireNonNull(peers, "peers is null");
        this.copies = requireNonNull(copies, "copies is null");
        this.events = requireNonNull(events, "events is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.answers = new Answers(self);
    }

    /** The answer from this node's memory; null when it has none that satisfies the request. */
    public @Nullable Answer fromMemory(Read read) {
        return fromMemory(read, true);
    }

    private @Nullable Answer fromMemory(Read read, boolean counted) {
        Topology topology = membership.topology();
        List<Member> holders = topology.holders(read.hash());
        boolean owner = !holders.isEmpty() && holders.getFirst().name().equals(self);
        if (!mayHold.getAsBoolean() || !(owner || topology.isHolder(self, read.hash()))) {
            return null;
        }
        CacheStore store = read.group().store();
        CacheEntry entry = counted ? store.get(read.storeKey()) : store.peek(read.storeKey());
        if (entry == null || !read.satisfiedBy(entry.stamp())) {
            return null;
        }
        ServedFrom from = owner ? ServedFrom.SERVED_FROM_MEMORY : ServedFrom.SERVED_FROM_REPLICA;
        return answers.ofEntry(entry, from, nanoClock.getAsLong(), topology.revision());
    }

    /**
     * The answer from wherever it can be had, once memory had none.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT when the key does not fit its group's template, which
     *     only a key that memory does not have needs to be checked for
     */
    public Answer read(Read read) {
        Loader loader = read.group().loader();
        if (loader != null && !loader.accepts(read.key())) {
            throw Failures.invalid("The key does not fit the key template of group "
                    + read.group().name() + ": build it as the rules file declares");
        }
        if (!read.forwarded()) {
            List<Member> holders = membership.topology().holders(read.hash());
            for (int rank = 0; rank < holders.size(); rank++) {
                Member holder = holders.get(rank);
                if (holder.name().equals(self)) {
                    break;
                }
                Optional<Answer> answer = ask(holder, read, holders.size() - rank);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        return load(read);
    }

    /** Leaves time for the {@code others} that may have to be asked after this one, the own load included. */
    private Optional<Answer> ask(Member holder, Read read, int others) {
        long remaining = read.deadline().timeRemaining(TimeUnit.NANOSECONDS);
        if (remaining <= 0) {
            throw Failures.deadlineExceeded("No holder of the key answered within the request's deadline");
        }
        Optional<Answer> answer = peers.read(holder, read, remaining / (others + 1), TimeUnit.NANOSECONDS);
        events.forwarded(read.group(), answer.isPresent());
        return answer;
    }

    private Answer load(Read read) {
        Loader loader = read.group().loader();
        if (loader == null) {
            throw Failures.unimplemented("Group " + read.group().name()
                    + " has no load query; cache-aside groups are not implemented yet: add a load query");
        }
        while (true) {
            AtomicBoolean led = new AtomicBoolean();
            Optional<Loaded> landed = flights.fly(
                    new FlightKey(read.group().name(), read.key()),
                    flight -> mayJoin(flight, read),
                    read.deadline(),
                    flight -> {
                        led.setPlain(true);
                        return lead(flight, loader, read);
                    });
            Answer answer = landed.isEmpty() ? again(read) : answer(landed.get(), read, led.getPlain());
            if (answer != null) {
                return answer;
            }
            if (read.deadline().isExpired()) {
                throw Failures.deadlineExceeded("No load of this key was new enough within the request's deadline");
            }
        }
    }

    /**
     * What a load is worth to one of those on its flight; null when it is too old and was another's, who began to read
     * the position before this one asked: then the next may do.
     */
    private @Nullable Answer answer(Loaded loaded, Read read, boolean led) {
        if (read.satisfiedBy(loaded.stamp())) {
            return answers.ofLoad(loaded, membership.topology().revision());
        }
        if (led) {
            throw Failures.unavailable("The source of group " + read.group().name()
                    + " has not reached min_position yet: try again, or check that the position is of this source");
        }
        return null;
    }

    /**
     * The join rule. A flight that has not read its position yet is as good as a load that starts now. One that has is
     * good if the fence, which has seen every Remove that was done, would still admit it; but only a holder is sent
     * Removes, so elsewhere the fence knows nothing.
     */
    private boolean mayJoin(Flight<Optional<Loaded>> flight, Read read) {
        Flight.Departure departure = flight.departure();
        return departure == null
                || (read.satisfiedBy(departure.stamp())
                        && holds(membership.topology(), read)
                        && read.group().store().admits(read.storeKey(), departure.stamp(), departure.startNanos()));
    }

    /** Another look at the memory for a read that is counted already. */
    private @Nullable Answer again(Read read) {
        return fromMemory(read, false);
    }

    /**
     * Loads, unless another flight has landed since this caller looked at the memory. That finds nothing for those who
     * joined: each looks for itself, since it may have asked after a Remove that the leader did not see:
     *
     * <pre>
     * 1: leads a flight and finds the old entry in memory
     *    Remove of the key: done
     * 2: misses, joins the flight of 1, which has read no position yet
     * </pre>
     */
    private Optional<Loaded> lead(Flight<Optional<Loaded>> flight, Loader loader, Read read) {
        if (again(read) != null) {
            return Optional.empty();
        }
        Topology topology = membership.topology();
        long startNanos = nanoClock.getAsLong();
        boolean done = false;
        try {
            Loaded loaded = loader.load(read.key(), stamp -> flight.departed(stamp, startNanos));
            done = true;
            if (loaded.keepable()) {
                keep(loaded, read, topology);
            }
            return Optional.of(loaded);
        } finally {
            events.loaded(read.group(), nanoClock.getAsLong() - startNanos, done);
        }
    }

    /**
     * Stores what was loaded, if this node held the key from before the load until after the store. What the fence
     * refuses is answered all the same: it is a legal concurrent read.
     *
     * <p>A ring that changed in between means that a Remove may have gone to others only, so it is looked at on both
     * sides:
     *
     * <pre>
     * load: reads the old row, for a key that another node holds
     *       MySQL: the row changes; Remove: done on the holder of then
     *       the ring changes; this node holds the key
     * load: stores the old row, and no fence here has heard of the Remove
     *
     * load: holds the key by the ring of now
     *       the ring changes; what is not held any more is dropped
     * load: stores an entry that no Remove will reach; the key comes back later, and so does the old value
     * </pre>
     *
     * @param topology the one from before the load
     */
    private void keep(Loaded loaded, Read read, Topology topology) {
        if (!holds(topology, read) || membership.topology() != topology) {
            return;
        }
        CacheGroup group = read.group();
        long expiresAtNanos = group.timeToLive()
                .expiresAtNanos(
                        loaded.found(),
                        nanoClock.getAsLong(),
                        ThreadLocalRandom.current().nextDouble());
        CacheEntry entry = loaded.found()
                ? CacheEntry.found(loaded.value(), loaded.stamp(), loaded.startNanos(), expiresAtNanos)
                : CacheEntry.missing(loaded.stamp(), loaded.startNanos(), expiresAtNanos);
        if (group.store().put(read.storeKey(), entry) != PutResult.STORED) {
            return;
        }
        List<Member> holders = topology.holders(read.hash());
        if (membership.topology() != topology || !mayHold.getAsBoolean()) {
            group.store().remove(read.storeKey(), SourcePosition.UNKNOWN);
        } else if (holders.getFirst().name().equals(self) && holders.size() > 1) {
            copies.offer(holders.subList(1, holders.size()), read, entry);
        }
    }

    private boolean holds(Topology topology, Read read) {
        return mayHold.getAsBoolean() && topology.isHolder(self, read.hash());
    }
}
