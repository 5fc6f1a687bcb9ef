package io.sluice.store;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.Ranks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a segment by slot, each an array ({@link EntryBytes}) and its stamp, in chunks that are never moved.
 *
 * <p>Changed under the segment's lock only; {@link #bytes} and {@link #stamp} may be read without it. A reader that
 * finds the same array before and after it read the stamp has a stamp of that array or, while a value is replaced, of
 * none: an array is put into a slot once, after its stamp, and the slot is empty in between.
 */
final class Slots extends Ranks {
    /** Slots there can be: what an index entry has bits for. */
    static final int MAX = (1 << 24) - 2;

    private static final int CHUNK_SHIFT = 10;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final int CHUNK_MASK = CHUNK - 1;
    private static final VarHandle OBJECT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final KeyHasher hasher;
    private final int overheadBytes;

    /** Array and stamp of each slot, one after the other, so that they share a cache line. */
    private volatile @Nullable Object[][] chunks = new Object[0][];

    private int[] free = new int[16];
    private int freeCount;
    private int used;

    /** @param overheadBytes what an entry weighs beside the bytes of key and value */
    Slots(KeyHasher hasher, int overheadBytes) {
        this.hasher = hasher;
        this.overheadBytes = overheadBytes;
    }

    /** What is in the slot, or null. */
    byte @Nullable [] bytes(int slot) {
        @Nullable Object[][] all = chunks;
        int chunk = slot >>> CHUNK_SHIFT;
        return chunk < all.length ? (byte[]) OBJECT.getAcquire(all[chunk], place(slot)) : null;
    }

    /** The stamp in the slot, or null. */
    @Nullable SourcePosition stamp(int slot) {
        @Nullable Object[][] all = chunks;
        int chunk = slot >>> CHUNK_SHIFT;
        return chunk < all.length ? (SourcePosition) OBJECT.getAcquire(all[chunk], place(slot) + 1) : null;
    }

    private static int place(int slot) {
        return (slot & CHUNK_MASK) << 1;
    }

    /** What is held in the slot. */
    byte[] held(int slot) {
        return requireNonNull(bytes(slot), "the slot is empty");
    }

    /** How many entries are held. */
    int size() {
        return used - freeCount;
    }

    /** Puts an entry into a free slot, of which there must be one, and returns it. */
    int add(byte[] entry, SourcePosition stamp) {
        int slot = freeCount > 0 ? free[--freeCount] : used++;
        if (slot >>> CHUNK_SHIFT == chunks.length) {
            addChunk();
        }
        fill(slot, entry, stamp);
        return slot;
    }

    /** Puts another entry of the same key into the slot. */
    void replace(int slot, byte[] entry, SourcePosition stamp) {
        empty(slot);
        fill(slot, entry, stamp);
    }

    /** Empties the slot for others to use. */
    void remove(int slot) {
        empty(slot);
        OBJECT.setRelease(chunks[slot >>> CHUNK_SHIFT], place(slot) + 1, null);
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = slot;
    }

    private void fill(int slot, byte[] entry, SourcePosition stamp) {
        OBJECT.setRelease(chunks[slot >>> CHUNK_SHIFT], place(slot) + 1, stamp);
        OBJECT.setRelease(chunks[slot >>> CHUNK_SHIFT], place(slot), entry);
    }

    private void empty(int slot) {
        OBJECT.setVolatile(chunks[slot >>> CHUNK_SHIFT], place(slot), null);
    }

    private void addChunk() {
        int count = chunks.length;
        @Nullable Object[][] more = Arrays.copyOf(chunks, count + 1);
        more[count] = new Object[2 * CHUNK];
        chunks = more;
    }

    /** All entries, in no order. */
    byte[][] all() {
        byte[][] all = new byte[size()][];
        int count = 0;
        for (int slot = 0; slot < used; slot++) {
            byte[] entry = bytes(slot);
            if (entry != null) {
                all[count++] = entry;
            }
        }
        return all;
    }

    /** What an entry of so many bytes of key and value counts. */
    long weightOf(long payload) {
        return overheadBytes + payload;
    }

    @Override
    protected int weight(int slot) {
        return overheadBytes + EntryBytes.payload(held(slot));
    }

    @Override
    protected long hash(int slot) {
        return EntryBytes.hash(held(slot), hasher);
    }

    @Override
    protected int newer(int slot) {
        return EntryBytes.newer(held(slot));
    }

    @Override
    protected void setNewer(int slot, int newer) {
        EntryBytes.setNewer(held(slot), newer);
    }

    @Override
    protected int older(int slot) {
        return EntryBytes.older(held(slot));
    }

    @Override
    protected void setOlder(int slot, int older) {
        EntryBytes.setOlder(held(slot), older);
    }

    @Override
    protected int mark(int slot) {
        return EntryBytes.mark(held(slot));
    }

    @Override
    protected void setMark(int slot, int mark) {
        EntryBytes.setMark(held(slot), mark);
    }
}
