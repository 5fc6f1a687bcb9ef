package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.PastMaxStaleness;
import io.sluice.node.Failures;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.CacheEntry;
import io.sluice.store.CacheStore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this node has in memory as a holder, with the stamp that it may claim and the bound on how stale it can be; and
 * whether that will do for a read and for its group.
 *
 * <p>Thread-safe; never blocks.
 */
final class Memory {
    private final String self;
    private final Holdings holdings;
    private final Answers answers;
    private final ReadEvents events;
    private final Clocks clock;

    Memory(String self, Holdings holdings, Answers answers, ReadEvents events, Clocks clock) {
        this.self = requireNonNull(self, "self is null");
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.answers = requireNonNull(answers, "answers is null");
        this.events = requireNonNull(events, "events is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * What this node has as a holder of the key; null when it has nothing that satisfies the request.
     *
     * @param counted false for another look for a read that is counted already
     */
    @Nullable Held held(Read read, boolean counted) {
        Topology topology = holdings.topology();
        return holdings.mayHold(topology, read.group(), read.hash()) ? held(topology, read, counted) : null;
    }

    /** The same by this topology, by which it may hold the key. */
    @Nullable Held held(Topology topology, Read read, boolean counted) {
        CacheGroup group = read.group();
        CacheStore store = group.store();
        // Looked at before the entry: what was applied by then, the entry has survived.
        AppliedPosition.Snapshot applied = group.applied().now();
        StalenessBound.Known known = group.freshness().known();
        CacheEntry entry = counted ? store.get(read.storeKey()) : store.peek(read.storeKey());
        if (entry == null) {
            return null;
        }
        SourcePosition stamp = group.applied().lift(entry.stamp(), applied);
        if (!read.satisfiedBy(stamp)) {
            return null;
        }
        long nowNanos = clock.nanos();
        long bound = group.freshness().ofEntry(known, entry, clock, nowNanos);
        if (!isFreshEnough(read, bound)) {
            return null;
        }
        if (counted) {
            given(group, bound);
        }
        Member owner = topology.owner(read.hash());
        ServedFrom from = owner != null && owner.name().equals(self)
                ? ServedFrom.SERVED_FROM_MEMORY
                : ServedFrom.SERVED_FROM_REPLICA;
        Answer answer = answers.ofEntry(group, entry, stamp, from, bound, nowNanos, topology.revision());
        long usableNanos = Math.min(entry.ttlNanos(nowNanos), group.freshness().usableNanos(bound));
        return new Held(answer, stamp, TimeUnit.NANOSECONDS.toMillis(usableNanos));
    }

    /** Whether an answer of this bound may be given from memory. */
    boolean isFreshEnough(Read read, long boundNanos) {
        return read.tolerates(boundNanos) && read.group().freshness().gives(boundNanos);
    }

    /** An answer of this bound is given: counts it where it is past the group's limit. */
    void given(CacheGroup group, long boundNanos) {
        if (group.freshness().isPast(boundNanos)) {
            events.pastMaxStaleness(group, ReadEvents.PastOutcome.SERVED);
        }
    }

    /** The same of an answer that says so itself, if there is one; returns it. */
    @Nullable Answer given(Read read, @Nullable Answer answer) {
        if (answer != null && answer.getInfo().getPastMaxStaleness()) {
            events.pastMaxStaleness(read.group(), ReadEvents.PastOutcome.SERVED);
        }
        return answer;
    }

    /** Memory has the key, and is not asked for it since it may be too stale. Only where the group has a say in it. */
    void lookPast(Read read) {
        Freshness freshness = read.group().freshness();
        if (freshness.past() == PastMaxStaleness.SERVE
                || !holdings.mayHold(holdings.topology(), read.group(), read.hash())) {
            return;
        }
        StalenessBound.Known known = freshness.known();
        CacheEntry entry = read.group().store().peek(read.storeKey());
        if (entry != null && freshness.isKnownPast(known, entry, clock)) {
            if (freshness.past() == PastMaxStaleness.FAIL) {
                throw past(read.group());
            }
            events.pastMaxStaleness(read.group(), ReadEvents.PastOutcome.BYPASSED);
        }
    }

    /** What a read is told of a group that fails past its limit. */
    RuntimeException past(CacheGroup group) {
        events.pastMaxStaleness(group, ReadEvents.PastOutcome.FAILED);
        return Failures.unavailable("What is known of group " + group.name()
                + " may be staler than its max-staleness, and past-max-staleness is fail: see that the sync service"
                + " runs and keeps up, and that the source answers");
    }
}
