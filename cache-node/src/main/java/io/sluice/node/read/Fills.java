package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.node.load.Loaded;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Keeps what this node has fetched, and has the replicas keep it too where this node is the owner. Thread-safe. */
final class Fills {
    private final String self;
    private final Admission admission;
    private final Copies copies;
    private final Clocks clock;

    Fills(String self, Admission admission, Copies copies, Clocks clock) {
        this.self = requireNonNull(self, "self is null");
        this.admission = requireNonNull(admission, "admission is null");
        this.copies = requireNonNull(copies, "copies is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Keeps what was loaded, where the key is the row's own and the group does not bypass its memory. */
    void keep(Read read, Loaded loaded, Topology since) {
        if (loaded.keepable() && read.group().freshness().keeps(loaded, clock)) {
            keep(read, entry(loaded, read), since);
        }
    }

    private CacheEntry entry(Loaded loaded, Read read) {
        double random = ThreadLocalRandom.current().nextDouble();
        long expiresAtNanos = read.group().timeToLive().expiresAtNanos(loaded.found(), clock.nanos(), random);
        CacheEntry entry = loaded.found()
                ? CacheEntry.found(loaded.value(), loaded.stamp(), loaded.startNanos(), expiresAtNanos)
                : CacheEntry.missing(loaded.stamp(), loaded.startNanos(), expiresAtNanos);
        return loaded.astray() ? entry.withUnsureAge() : entry;
    }

    /**
     * As {@link Admission#keep}; copies go out only of what is kept here, and nobody waits for them. None go out of
     * what came as an unasked copy itself: the time that one may have travelled is reckoned once.
     *
     * @return whether memory has the entry now
     */
    boolean keep(Read read, CacheEntry entry, Topology since) {
        return copied(admission.keep(read.group(), read.storeKey(), entry, since), read, entry, since);
    }

    /**
     * The same for a value that an application put. How long it travelled nobody knows, so its age is not sure; what
     * the owner sends on of it counts at the replica as every copy that came unasked.
     */
    boolean keepPut(Read read, CacheEntry entry, Topology since) {
        PutResult result = admission.keep(read.group(), read.storeKey(), entry.withUnsureAge(), since);
        return copied(result, read, entry, since);
    }

    /** The same for what a holder of a draining ring had in memory. */
    boolean inherit(Read read, CacheEntry entry, Topology since) {
        return copied(admission.inherit(read.group(), read.storeKey(), entry, since), read, entry, since);
    }

    private boolean copied(PutResult result, Read read, CacheEntry entry, Topology since) {
        if (result != PutResult.STORED) {
            return false;
        }
        List<Member> holders = since.holders(read.hash());
        if (entry.ageIsSure() && holders.size() > 1 && holders.getFirst().name().equals(self)) {
            copies.offer(holders.subList(1, holders.size()), read, entry);
        }
        return true;
    }
}
