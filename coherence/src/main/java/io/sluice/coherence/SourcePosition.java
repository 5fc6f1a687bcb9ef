package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A point in the history of one source: a MySQL GTID set. Positions form a partial order by set containment,
 * {@link #covers}.
 *
 * <p>{@link #UNKNOWN} is "no position", not the empty set: it covers nothing and nothing covers it, itself included, so
 * a missing position can never be mistaken for an old one. There is no empty set; its text reads as {@code UNKNOWN}.
 *
 * <p>Immutable and safe for use by many threads. Invariant: servers are in ascending order of their UUID, each once;
 * the intervals of a server are ascending, neither overlap nor touch, and are at least one GTID long. Equal sets are
 * therefore equal arrays, and {@link #covers} walks both once without allocating.
 */
public final class SourcePosition {
    /** No position: covers nothing, covered by nothing. */
    public static final SourcePosition UNKNOWN = new SourcePosition(new long[0], new int[0], new long[0]);

    /** The longest text that {@link #parse} reads, in characters. */
    public static final int MAX_TEXT_LENGTH = 64 * 1024;

    /** Two longs for each server: the halves of its UUID. */
    private final long[] uuids;

    /** For each server the end of its intervals in {@link #bounds}. */
    private final int[] ends;

    /** Two longs for each interval: first and last transaction number, both inclusive. */
    private final long[] bounds;

    /** The text once somebody asked for it; a race computes it twice, to equal strings. */
    private @Nullable String text;

    private SourcePosition(long[] uuids, int[] ends, long[] bounds) {
        this.uuids = uuids;
        this.ends = ends;
        this.bounds = bounds;
    }

    /**
     * Reads a GTID set in any form MySQL prints: several servers, gaps, upper or lower case, white space and newlines.
     * Blank text is {@link #UNKNOWN}.
     *
     * @throws PositionFormatException if the text is no GTID set, is longer than {@link #MAX_TEXT_LENGTH} or holds
     *     tagged GTIDs; the message quotes it
     */
    public static SourcePosition parse(String text) {
        return of(new GtidSetReader(requireNonNull(text, "text is null")).read());
    }

    /** The set of all the given intervals, in any order, overlapping or not. */
    static SourcePosition of(List<GtidInterval> intervals) {
        if (intervals.isEmpty()) {
            return UNKNOWN;
        }
        List<GtidInterval> sorted = new ArrayList<>(intervals);
        sorted.sort(null);
        long[] uuids = new long[2 * sorted.size()];
        int[] ends = new int[sorted.size()];
        long[] bounds = new long[2 * sorted.size()];
        int servers = 0;
        int end = 0;
        GtidInterval previous = null;
        for (GtidInterval interval : sorted) {
            boolean sameServer = previous != null && interval.sameServer(previous);
            if (!sameServer) {
                uuids[2 * servers] = interval.uuidHigh();
                uuids[2 * servers + 1] = interval.uuidLow();
                servers++;
            }
            if (sameServer && interval.first() - 1 <= bounds[end - 1]) {
                bounds[end - 1] = Math.max(bounds[end - 1], interval.last());
            } else {
                bounds[end++] = interval.first();
                bounds[end++] = interval.last();
            }
            ends[servers - 1] = end;
            previous = interval;
        }
        return new SourcePosition(
                Arrays.copyOf(uuids, 2 * servers), Arrays.copyOf(ends, servers), Arrays.copyOf(bounds, end));
    }

    /** True for {@link #UNKNOWN} only. */
    public boolean isUnknown() {
        return ends.length == 0;
    }

    /** True when both are known and every transaction of {@code other} is in this set. Allocates nothing. */
    @SuppressWarnings(
            "ReferenceEquality") // Removes that come together share one object, and a floor is that of the last.
    public boolean covers(SourcePosition other) {
        if (isUnknown() || other.isUnknown()) {
            return false;
        }
        if (this == other) {
            return true;
        }
        int mine = 0;
        for (int theirs = 0; theirs < other.ends.length; theirs++) {
            while (mine < ends.length && compareServer(mine, other, theirs) < 0) {
                mine++;
            }
            if (mine == ends.length || compareServer(mine, other, theirs) != 0 || !coversServer(mine, other, theirs)) {
                return false;
            }
        }
        return true;
    }

    private int compareServer(int mine, SourcePosition other, int theirs) {
        int high = Long.compareUnsigned(uuids[2 * mine], other.uuids[2 * theirs]);
        return high != 0 ? high : Long.compareUnsigned(uuids[2 * mine + 1], other.uuids[2 * theirs + 1]);
    }

    private boolean coversServer(int mine, SourcePosition other, int theirs) {
        int at = start(mine);
        for (int i = other.start(theirs); i < other.ends[theirs]; i += 2) {
            while (at < ends[mine] && bounds[at + 1] < other.bounds[i]) {
                at += 2;
            }
            if (at == ends[mine] || bounds[at] > other.bounds[i] || bounds[at + 1] < other.bounds[i + 1]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Every transaction of either set. {@link #UNKNOWN} adds nothing: the union with it is the other position. Returns
     * one of the two, not a copy, when it covers the other.
     */
    public SourcePosition union(SourcePosition other) {
        if (other.isUnknown() || covers(other)) {
            return this;
        }
        if (isUnknown() || other.covers(this)) {
            return other;
        }
        List<GtidInterval> all = new ArrayList<>((bounds.length + other.bounds.length) / 2);
        addTo(all);
        other.addTo(all);
        return of(all);
    }

    /**
     * Every transaction that both have; {@link #UNKNOWN} when there is none, or when either is unknown. Returns one of
     * the two, not a copy, when the other covers it.
     */
    public SourcePosition intersection(SourcePosition other) {
        if (other.covers(this)) {
            return this;
        }
        if (covers(other)) {
            return other;
        }
        List<GtidInterval> common = new ArrayList<>();
        for (GtidInterval mine : intervals()) {
            for (GtidInterval theirs : other.intervals()) {
                mine.addCommon(theirs, common);
            }
        }
        return of(common);
    }

    /**
     * Every transaction of this set that is not in the other; {@link #UNKNOWN} when none is left. UNKNOWN takes nothing
     * away.
     */
    public SourcePosition minus(SourcePosition other) {
        if (other.isUnknown()) {
            return this;
        }
        List<GtidInterval> left = intervals();
        for (GtidInterval theirs : other.intervals()) {
            List<GtidInterval> next = new ArrayList<>(left.size() + 1);
            left.forEach(mine -> mine.addWithout(theirs, next));
            left = next;
        }
        return of(left);
    }

    private List<GtidInterval> intervals() {
        List<GtidInterval> all = new ArrayList<>(bounds.length / 2);
        addTo(all);
        return all;
    }

    private void addTo(List<GtidInterval> all) {
        for (int server = 0; server < ends.length; server++) {
            for (int i = start(server); i < ends[server]; i += 2) {
                all.add(new GtidInterval(uuids[2 * server], uuids[2 * server + 1], bounds[i], bounds[i + 1]));
            }
        }
    }

    private int start(int server) {
        return server == 0 ? 0 : ends[server - 1];
    }

    /** About how many bytes of heap this position takes, without its text. */
    public int footprintBytes() {
        return 80 + Long.BYTES * (uuids.length + bounds.length) + Integer.BYTES * ends.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourcePosition that
                && Arrays.equals(uuids, that.uuids)
                && Arrays.equals(ends, that.ends)
                && Arrays.equals(bounds, that.bounds);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(uuids) + Arrays.hashCode(bounds);
    }

    /**
     * MySQL's canonical form, {@code uuid:1-17:19,uuid:5}: lower case, ascending, no white space; empty for UNKNOWN.
     */
    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = print();
            text = known;
        }
        return known;
    }

    private String print() {
        StringBuilder out = new StringBuilder(20 * bounds.length);
        for (int server = 0; server < ends.length; server++) {
            out.append(server == 0 ? "" : ",");
            out.append(new UUID(uuids[2 * server], uuids[2 * server + 1]));
            for (int i = start(server); i < ends[server]; i += 2) {
                out.append(':').append(bounds[i]);
                if (bounds[i + 1] > bounds[i]) {
                    out.append('-').append(bounds[i + 1]);
                }
            }
        }
        return out.toString();
    }
}
