package io.sluice.store;

/** Counts of events, entries and bytes, of one segment or summed over several. Not safe for use by several threads. */
final class Tally {
    private final long[] counts = new long[Event.values().length];
    private long entries;
    private long bytes;

    void count(Event event) {
        count(event, 1);
    }

    void count(Event event, long times) {
        counts[index(event)] += times;
    }

    long of(Event event) {
        return counts[index(event)];
    }

    @SuppressWarnings("EnumOrdinal") // Only an index into an array of this run; nothing stored or sent depends on it.
    private static int index(Event event) {
        return event.ordinal();
    }

    /** Adds a segment's counts and what it holds; the counts of reads come from elsewhere. */
    void add(Tally segment, long heldEntries, long heldBytes) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += segment.counts[i];
        }
        entries += heldEntries;
        bytes += heldBytes;
    }

    /** Throws IllegalStateException if entries have come or gone uncounted. */
    void audit(long heldEntries) {
        long gone = of(Event.REPLACED) + of(Event.EXPIRED) + of(Event.EVICTED) + of(Event.REMOVED) + of(Event.DROPPED);
        if (of(Event.STORED) != heldEntries + gone) {
            throw new IllegalStateException("the counts do not balance");
        }
    }

    StoreStats toStats(long capacityBytes) {
        return new StoreStats(
                of(Event.HIT),
                of(Event.MISS),
                of(Event.STORED),
                of(Event.REPLACED),
                of(Event.EXPIRED),
                of(Event.EVICTED),
                of(Event.REMOVED),
                of(Event.DROPPED),
                of(Event.COVERED),
                of(Event.REFUSED),
                of(Event.SUPERSEDED),
                of(Event.TOO_LARGE),
                entries,
                bytes,
                capacityBytes);
    }
}
