package io.sluice.store;

import static io.sluice.store.policy.Ranks.NONE;
import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.EvictionPolicy;
import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one segment holds in one generation of the group: entries by slot, the index of their keys, the policy that
 * ranks them, the wheel that expires them, the index of their tags, and their bytes.
 *
 * <p>Changed under the segment's lock only; {@link #find}, {@link #bytes} and {@link #stamp} need none. Invariants:
 * {@code weight} is the sum over all entries and, but for a moment within a change of the share, never above it; index,
 * policy, wheel and tags know exactly the entries that are held; the counts balance.
 */
final class Contents {
    private final long number;
    private final KeyHasher hasher;
    private final Tally tally;
    private final StoreEvents events;
    private final Slots slots;
    private final KeyIndex index;
    private final EvictionPolicy policy;
    private final TimingWheel wheel;
    private final KeyTags keyTags;
    private final TagIndex tags;
    private final IntConsumer expired = this::takeOutExpired;
    private long weight;
    private long share;
    private boolean pressed;

    Contents(
            Generation generation,
            KeyHasher hasher,
            KeyTags keyTags,
            PolicyKind policyKind,
            long share,
            long nowTick,
            Tally tally,
            StoreEvents events) {
        this.number = generation.number();
        this.hasher = hasher;
        this.tally = tally;
        this.events = events;
        this.share = share;
        this.slots = new Slots(hasher, SegmentedStore.entryOverheadBytes(policyKind, keyTags));
        this.index = new KeyIndex(slots);
        this.policy = policyKind.create(slots, share);
        this.wheel = new TimingWheel(slots, nowTick);
        this.keyTags = keyTags;
        this.tags = new TagIndex(keyTags.most());
    }

    /** The number of the generation. */
    long number() {
        return number;
    }

    /** The bytes it may hold. */
    long share() {
        return share;
    }

    /** The bytes of the share that are not taken. */
    long free() {
        return share - weight;
    }

    /** The bytes that are taken. */
    long weight() {
        return weight;
    }

    int size() {
        return slots.size();
    }

    /** What an entry of so many bytes of key and value counts. */
    long weightOf(long payload) {
        return slots.weightOf(payload);
    }

    /** Whether the last entry taken in cost one of the ranking's end, not just a newcomer that was no better. */
    boolean isPressed() {
        return pressed;
    }

    /** As {@link KeyIndex#find}. */
    int find(StoreKey key) {
        return index.find(key);
    }

    /** What is in the slot, or null. */
    byte @Nullable [] bytes(int slot) {
        return slots.bytes(slot);
    }

    /** The stamp in the slot, or null. */
    @Nullable SourcePosition stamp(int slot) {
        return slots.stamp(slot);
    }

    /** What is in a slot that is not empty. */
    byte[] held(int slot) {
        return slots.held(slot);
    }

    /** The stamp in a slot that is not empty. */
    SourcePosition heldStamp(int slot) {
        return requireNonNull(slots.stamp(slot), "the slot has no stamp");
    }

    /** An entry was read; nothing, if it has gone since. */
    void accessed(int slot, long hash) {
        if (slots.bytes(slot) != null) {
            policy.accessed(slot, hash);
        }
    }

    /** When the entry to go next was last used, as far as can be told; {@code otherwise} when none is held. */
    int coldestUsedAt(int otherwise) {
        int slot = policy.coldest();
        return slot == NONE ? otherwise : EntryBytes.usedAt(slots.held(slot));
    }

    /** A walk over the slots that carry the tag. */
    TagIndex.Walk carriers(long tag) {
        return tags.walk(tag);
    }

    /** All entries, in no order. */
    byte[][] all() {
        return slots.all();
    }

    /** Changes the share; evicts what is over it. */
    void resize(long newShare) {
        share = newShare;
        policy.resize(newShare);
        while (weight > share) {
            evictOne();
        }
    }

    /** Takes an entry in, in place of the one held in a slot if that is not NONE, and evicts to make room. */
    void takeIn(StoreKey key, long[] entryTags, byte[] entry, SourcePosition stamp, int held) {
        pressed = false;
        int needed = (int) slots.weightOf(EntryBytes.payload(entry));
        if (held == NONE) {
            policy.missed(key.hash(), needed);
        }
        if (makeRoom(needed, held) && held != NONE) {
            replace(key, entry, stamp, held);
        } else {
            if (held != NONE) {
                policy.missed(key.hash(), needed);
            }
            int slot = slots.add(entry, stamp);
            index.add(key.hash(), slot);
            tags.add(slot, entryTags);
            wheel.add(slot);
            policy.added(slot);
            weight += needed;
        }
        tally.count(Event.STORED);
    }

    private void replace(StoreKey key, byte[] entry, SourcePosition stamp, int slot) {
        byte[] old = slots.held(slot);
        int change = EntryBytes.payload(entry) - EntryBytes.payload(old);
        wheel.remove(slot);
        EntryBytes.copyRank(old, entry);
        slots.replace(slot, entry, stamp);
        wheel.add(slot);
        policy.replaced(slot, key.hash(), change);
        weight += change;
        tally.count(Event.REPLACED);
    }

    /** Evicts until there is room for what comes in place of the one held; false when that one went as well. */
    private boolean makeRoom(int needed, int held) {
        long freed = held == NONE ? 0 : slots.weightOf(EntryBytes.payload(slots.held(held)));
        boolean stillHeld = true;
        while (weight - freed > share - needed || slots.size() == Slots.MAX) {
            if (evictOne() == held) {
                freed = 0;
                stillHeld = false;
            }
        }
        return stillHeld;
    }

    /** Evicts the one that the policy names, of which there must be one, and returns the slot it was in. */
    int evictOne() {
        int last = policy.coldest();
        int victim = policy.evict();
        if (victim == NONE) {
            throw new IllegalStateException(weight + " bytes are held, but the eviction policy names no victim");
        }
        pressed |= victim == last;
        forget(victim, Event.EVICTED);
        return victim;
    }

    /** Lets an entry go for another reason than making room. */
    void takeOut(int slot, Event reason) {
        policy.removed(slot);
        forget(slot, reason);
    }

    private void takeOutExpired(int slot) {
        takeOut(slot, Event.EXPIRED);
    }

    /** Lets the entry go if it is still held. */
    @SuppressWarnings("ReferenceEquality") // The very entry, not one that has the same bytes.
    void drop(byte[] entry) {
        byte[] key = EntryBytes.key(entry);
        int slot = find(new StoreKey(key, hasher.hash(key)));
        if (slot != NONE && slots.bytes(slot) == entry) {
            takeOut(slot, Event.DROPPED);
        }
    }

    private void forget(int slot, Event reason) {
        byte[] entry = slots.held(slot);
        SourcePosition stamp = heldStamp(slot);
        long hash = EntryBytes.hash(entry, hasher);
        wheel.remove(slot);
        tags.remove(slot);
        index.remove(hash, slot);
        slots.remove(slot);
        weight -= slots.weightOf(EntryBytes.payload(entry));
        tally.count(reason);
        switch (reason) {
            case EXPIRED -> events.gone(hash, stamp, StoreEvents.Gone.EXPIRED);
            case EVICTED -> events.gone(hash, stamp, StoreEvents.Gone.EVICTED);
            case DROPPED -> events.gone(hash, stamp, StoreEvents.Gone.DROPPED);
            // Whoever removes or replaces says so itself.
            default -> {}
        }
    }

    /** Reclaims what has expired, at most about {@code budget} entries; false when there may be more. */
    boolean expire(long nowTick, int budget) {
        return wheel.expire(nowTick, budget, expired);
    }

    /** Throws IllegalStateException if an invariant does not hold. */
    void audit() {
        long sum = 0;
        List<StoreKey> keys = new ArrayList<>();
        for (byte[] entry : slots.all()) {
            sum += slots.weightOf(EntryBytes.payload(entry));
            byte[] key = EntryBytes.key(entry);
            keys.add(new StoreKey(key, hasher.hash(key)));
        }
        index.audit(keys);
        wheel.audit();
        auditTags(keys);
        check(keys.size() == slots.size(), "other slots are filled than are counted");
        check(sum == weight, "the weight is not the sum over the entries");
        check(weight <= share, "more bytes than the share");
        check(policy.audit() == slots.size(), "the policy ranks other entries than are held");
    }

    private void auditTags(List<StoreKey> keys) {
        Map<Integer, long[]> bySlot = new HashMap<>();
        int sum = 0;
        for (StoreKey key : keys) {
            long[] own = requireNonNull(keyTags.of(key.utf8()), "an entry is held whose tags cannot be told");
            bySlot.put(find(key), own);
            sum += own.length;
        }
        tags.audit(bySlot::get, sum);
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new IllegalStateException(violation);
        }
    }
}
