package io.sluice.coherence;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one segment of a store remembers of recent Removes, so that an old value that is still on its way cannot come in
 * after the Remove that was meant for it.
 *
 * <p>Not safe for use by several threads: it lives under the lock of its segment, and whoever admits a value must store
 * it before letting go of that lock.
 *
 * <p>Invariant: every Remove ever recorded is either in the record of its key or in the floor, which counts for all
 * keys. Records are merged, never replaced, and merged into the floor before they are forgotten, by number, by size or
 * by age. So what is admitted has passed every Remove of its key; forgetting refuses more, never less. Keys are known
 * by a 64-bit hash: two keys that share one share a record, which again only refuses more. A tag that many keys carry
 * has a record like a key; whoever admits a key then asks for each of its tags as well. The floor's position is no more
 * fragmented than the history of the source whose positions are recorded.
 *
 * <h2>The races</h2>
 *
 * <p>{@code W} is the stamp of a load, read from the source before its SELECT; {@code P} the position of a change;
 * {@code P} is not in {@code W} unless said. {@code L} is when a load began, {@code T} when a Remove arrived, {@code H}
 * the hold.
 *
 * <p><b>Late fill.</b> 1: load reads W, then the old row. 2: the row changes. 3: Remove(P) finds nothing to remove. 4:
 * the load offers the old row. Step 3 left a record of P, W does not cover it: refused.
 *
 * <p><b>Early event.</b> 1: the source publishes the change while SELECT still shows the old row. 2: Remove(P). 3: a
 * load reads W, then the old row. 4: the change becomes visible. 5: the load offers the old row. It began after the
 * Remove, yet W does not cover P: refused. A caller that comes between 2 and 5 must not join the load either;
 * {@link #admits} tells it. The next load reads a W that covers P and is admitted.
 *
 * <p><b>Late copy.</b> 1: the owner stores a row with stamp W and sends a copy. 2: the replica gets Remove(P) and finds
 * nothing. 3: the copy comes, with stamp W: refused like a load.
 *
 * <p><b>Replayed Remove.</b> 1: Remove(P2). 2: an old Remove(P1) is sent again, P1 within P2. 3: a load with P1 in W,
 * but not P2, offers its row. The record is the union, still P2: refused.
 *
 * <p><b>Forgotten Remove.</b> 1: load reads W, then the old row. 2: Remove(P). 3: so many other Removes that the record
 * of the key goes. 4: the load offers the old row. The floor covers P since step 3: refused, as are all other loads
 * that old.
 *
 * <h2>Phantoms</h2>
 *
 * <p>A failover can lose transactions whose events were published. The published positions go on naming them, no stamp
 * of the new primary ever covers them, and their keys, with the floor all keys, would be refused for ever. Whoever
 * knows which they are says so by {@link #exempt}.
 *
 * <h2>Without positions</h2>
 *
 * <p>Where the Remove or the stamp is without position, time has to decide: admitted is only a load with {@code L > T +
 * H}.
 *
 * <p><b>Late fill.</b> 1: load begins at L, reads the old row. 2: the row changes. 3: Remove at T. 4: the load offers
 * the old row, however late. L is before T: refused; that the hold is over by then does not matter.
 *
 * <p><b>Early event.</b> 1: Remove at T. 2: a load begins at L, within T + H, and reads the old row. 3: the change
 * becomes visible. 4: the load offers the old row after T + H. Refused: what counts is when it began.
 *
 * <p><b>Late copy.</b> As with positions: the copy brings the L of the load it came from. One that came unasked tells
 * an L that is too late by the time it travelled; whoever offers it gives an L that is surely early enough.
 *
 * <p>Each pair is judged on its own: a stamped value must cover the positions <i>and</i> have begun late enough after
 * Removes without one; a value without stamp must have begun late enough after all of them. This is weaker than
 * positions: a source that takes longer than H to make a change visible defeats it, and so does an L that is later than
 * the load really began, be it because the clock went backwards in between.
 */
public final class Fence {
    /** How much the positions of all records may take on average; a typical one takes a quarter of it. */
    private static final int POSITION_BYTES_PER_RECORD = 512;

    /** How many records age may forget in one call, so that none runs long. */
    private static final int MAX_AGED_PER_CALL = 8;

    private final FenceLimits limits;
    private final long maxAgeNanos;
    private final long holdNanos;
    private final long maxPositionBytes;

    /** By hash of the key, the one whose latest Remove is longest ago first. */
    private final LinkedHashMap<Long, Barrier> records = new LinkedHashMap<>();

    private long positionBytes;
    private Barrier floor = Barrier.NONE;

    /** An empty fence, which admits everything. */
    public Fence(FenceLimits limits) {
        this.limits = requireNonNull(limits, "limits is null");
        this.maxAgeNanos = limits.maxAge().toNanos();
        this.holdNanos = limits.hold().toNanos();
        this.maxPositionBytes = (long) POSITION_BYTES_PER_RECORD * limits.maxRecords();
    }

    /** Remembers a Remove of the key; the position may be UNKNOWN. */
    public void record(long keyHash, SourcePosition position, long nowNanos) {
        Barrier removes = Barrier.of(position, nowNanos);
        Barrier earlier = records.get(keyHash);
        if (earlier != null) {
            removes = removes.merge(earlier);
            records.remove(keyHash);
            positionBytes -= earlier.position().footprintBytes();
        }
        records.put(keyHash, removes);
        positionBytes += removes.position().footprintBytes();
        while (records.size() > limits.maxRecords() || positionBytes > maxPositionBytes) {
            forgetEldest();
        }
        forgetAged(nowNanos);
    }

    /**
     * May a value of the key be stored, or a flight be joined? A load start in the future counts as now.
     *
     * @param groupFloor the Removes of the whole group, which concern every key
     */
    public boolean admits(long keyHash, SourcePosition stamp, long loadStartNanos, long nowNanos, Barrier groupFloor) {
        forgetAged(nowNanos);
        long begun = loadStartNanos - nowNanos > 0 ? nowNanos : loadStartNanos;
        Barrier removes = records.isEmpty() ? null : records.get(keyHash);
        return groupFloor.admits(stamp, begun, holdNanos)
                && floor.admits(stamp, begun, holdNanos)
                && (removes == null || removes.admits(stamp, begun, holdNanos));
    }

    /** Demands of nobody any more what is among these transactions, which the source never will have. */
    public void exempt(SourcePosition phantoms) {
        floor = floor.without(phantoms);
        positionBytes = 0;
        for (Map.Entry<Long, Barrier> record : records.entrySet()) {
            Barrier left = record.getValue().without(phantoms);
            record.setValue(left);
            positionBytes += left.position().footprintBytes();
        }
    }

    /** The positions of all Removes, remembered and forgotten; UNKNOWN when none had one. */
    public SourcePosition demanded() {
        SourcePosition all = floor.position();
        for (Barrier record : records.values()) {
            all = all.union(record.position());
        }
        return all;
    }

    /** What the forgotten Removes demand of every key. */
    public Barrier floor() {
        return floor;
    }

    /** How many keys have a record of their own. */
    public int size() {
        return records.size();
    }

    private void forgetAged(long nowNanos) {
        for (int i = 0; i < MAX_AGED_PER_CALL && !records.isEmpty(); i++) {
            if (records.values().iterator().next().ageNanos(nowNanos) <= maxAgeNanos) {
                return;
            }
            forgetEldest();
        }
    }

    private void forgetEldest() {
        var eldest = records.values().iterator();
        Barrier forgotten = eldest.next();
        floor = floor.merge(forgotten);
        eldest.remove();
        positionBytes -= forgotten.position().footprintBytes();
    }
}
