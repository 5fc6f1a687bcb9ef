package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.node.read.ReadEvents.PeekOutcome;
import io.sluice.store.CacheEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The second level of a lookup while a ring drains: who held the key before is asked for what it has in memory, before
 * the source is asked. So a node that joins or takes over does not send every key to the database.
 *
 * <p>What is peeked passes the fence like any copy, but for the floor that the ring brought: that stands for Removes
 * which only the previous holders were sent, and one of those is asked. (With it, everything from before the change
 * would be refused, and each key that moves would be loaded once.) The Removes since then:
 *
 * <pre>
 * 1: asks the previous owner, which answers with the old value
 *    MySQL: the row changes; Remove: done on both nodes
 * 1: gets the answer; its stamp does not cover the Remove, so it loads
 * </pre>
 *
 * An entry without a stamp is judged by its age, counted from when it was asked for. What is not kept is not answered
 * either: the load that follows is as good for everyone on the flight.
 *
 * <p>Thread-safe; blocks for at most {@value #BUDGET_MILLIS} ms, however many are asked.
 */
final class Peeks {
    static final long BUDGET_MILLIS = 10;
    /** With several rings draining, the value is at one of the latest holders or not worth looking for. */
    private static final int MOST_ASKED = 3;

    private final String self;
    private final Holdings holdings;
    private final Peers peers;
    private final Fills fills;
    private final ReadEvents events;
    private final LongSupplier nanoClock;
    private final PositionParser positions = new PositionParser();

    /** An entry that is kept here now, who had it, and what was known of its source before it was asked for. */
    record Peeked(String from, CacheEntry entry, Topology topology, StalenessBound.Known known) {}

    Peeks(String self, Holdings holdings, Peers peers, Fills fills, ReadEvents events, LongSupplier nanoClock) {
        this.self = requireNonNull(self, "self is null");
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.peers = requireNonNull(peers, "peers is null");
        this.fills = requireNonNull(fills, "fills is null");
        this.events = requireNonNull(events, "events is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** Whether there is anybody to be asked. Never blocks. */
    boolean wanted(Read read) {
        return !asked(read, holdings.topology()).isEmpty();
    }

    private List<Member> asked(Read read, Topology topology) {
        if (!holdings.mayHold(topology, read.group(), read.hash())) {
            return List.of();
        }
        List<Member> previous = topology.previousHolders(read.hash());
        return previous.isEmpty() || wasOwnerThroughout(topology, previous) ? List.of() : previous;
    }

    /** Null when the source has to be asked. */
    @Nullable Peeked look(Read read) {
        Topology topology = holdings.topology();
        List<Member> previous = asked(read, topology);
        if (previous.isEmpty()) {
            return null;
        }
        long untilNanos = Math.min(
                TimeUnit.MILLISECONDS.toNanos(BUDGET_MILLIS), read.deadline().timeRemaining(TimeUnit.NANOSECONDS));
        untilNanos += nanoClock.getAsLong();
        int asked = 0;
        StalenessBound.Known known = read.group().freshness().known();
        for (Member member : previous) {
            long now = nanoClock.getAsLong();
            if (asked == MOST_ASKED || untilNanos - now <= 0) {
                return null;
            }
            if (member.name().equals(self)) {
                continue;
            }
            asked++;
            CacheEntry entry = ask(member, read, topology, now, Duration.ofNanos(untilNanos - now));
            if (entry != null) {
                return new Peeked(member.name(), entry, topology, known);
            }
        }
        return null;
    }

    /**
     * Who was the owner itself before is as warm as anyone, unless it became that by a change that has not closed yet:
     * then older rings have holders that are neither it nor its replicas.
     */
    private boolean wasOwnerThroughout(Topology topology, List<Member> previous) {
        return holdings.isSelf(previous.getFirst()) && previous.size() <= topology.replicationFactor();
    }

    private @Nullable CacheEntry ask(Member member, Read read, Topology topology, long askedNanos, Duration timeout) {
        Peers.Peek peek = peers.peek(member, read, timeout);
        if (!(peek instanceof Peers.Peek.Found found)) {
            boolean nothing = peek instanceof Peers.Peek.Nothing;
            events.peeked(read.group(), nothing ? PeekOutcome.NOTHING : PeekOutcome.UNANSWERED);
            return null;
        }
        CacheEntry entry = entry(found, read, askedNanos);
        if (entry != null) {
            events.keyPeeked(read, member.name(), entry.stamp());
        }
        boolean kept = entry != null && read.satisfiedBy(entry.stamp()) && fills.inherit(read, entry, topology);
        events.peeked(read.group(), kept ? PeekOutcome.KEPT : PeekOutcome.REFUSED);
        return kept ? entry : null;
    }

    private @Nullable CacheEntry entry(Peers.Peek.Found found, Read read, long askedNanos) {
        try {
            SourcePosition stamp = positions.parse(found.copy().getStamp().getGtidSet());
            return read.group().isDefinedAs(found.copy().getDefinition())
                    ? CopyMessages.entry(found.copy(), read.group(), stamp, askedNanos)
                    : null;
        } catch (PositionFormatException e) {
            return null;
        }
    }
}
