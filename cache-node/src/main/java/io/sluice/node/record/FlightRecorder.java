package io.sluice.node.record;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.PutResult;
import io.sluice.store.RemoveResult;
import io.sluice.store.StoreEvents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of keys on this node, without keys and values: a ring that forgets the oldest. (A recorder as in an
 * aircraft; it has nothing to do with the flights of loads.)
 *
 * <p>What happens to a whole group or to a tag is noted once, under a hash of its own, and belongs to the history of
 * each key concerned: whoever asks names all the hashes.
 *
 * <p>Safe for use by many threads; nobody waits for longer than it takes to write, or to look through, one stripe. What
 * stores tell comes under their locks, so the events of one key stand in the order in which they happened. Invariant:
 * it never takes more than its size, in events, and positions of more than {@value #POSITION_BYTES} bytes are left out.
 */
public final class FlightRecorder {
    /** Most events. */
    public static final int MAX_EVENTS = 16 << 20;

    static final int POSITION_BYTES = 4 << 10;
    private static final int STRIPE_BITS = 4;
    private static final int STRIPES = 1 << STRIPE_BITS;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final Stripe[] stripes;
    private final AtomicLong sequence = new AtomicLong();
    private final LongSupplier wallMillis;

    /**
     * One event.
     *
     * @param sequence increases with every event of the node
     * @param position UNKNOWN when none took part
     * @param peer name of the other process that took part; empty when none did
     */
    public record Noted(long sequence, long atMillis, KeyEvent event, SourcePosition position, String peer) {}

    /**
     * An empty one.
     *
     * @param events how many it has room for, about; 0 notes nothing
     */
    public FlightRecorder(int events, LongSupplier wallMillis) {
        if (events < 0 || events > MAX_EVENTS) {
            throw new IllegalArgumentException(
                    "recorder.events is " + events + ": give 0, which records nothing, to " + MAX_EVENTS);
        }
        this.wallMillis = requireNonNull(wallMillis, "wallMillis is null");
        this.stripes = new Stripe[events == 0 ? 0 : STRIPES];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe((events + STRIPES - 1) / STRIPES);
        }
    }

    /** One that notes nothing. */
    public static FlightRecorder off() {
        return new FlightRecorder(0, () -> 0);
    }

    /** Notes what happened to the key, tag or group of this hash. */
    public void note(long hash, KeyEvent event, SourcePosition position, String peer) {
        if (stripes.length == 0) {
            return;
        }
        SourcePosition kept = position.footprintBytes() > POSITION_BYTES ? SourcePosition.UNKNOWN : position;
        stripe(hash).add(hash, new Noted(sequence.incrementAndGet(), wallMillis.getAsLong(), event, kept, peer));
    }

    /** What is known of any of these, the oldest first. */
    public List<Noted> find(long... hashes) {
        List<Noted> found = new ArrayList<>();
        for (long hash : hashes) {
            if (stripes.length > 0) {
                stripe(hash).find(hash, found);
            }
        }
        found.sort(Comparator.comparingLong(Noted::sequence));
        return found;
    }

    /** The hash under which stands what happens to all keys of the group; no key has it, since none is empty. */
    public static long hashOfGroup(String group) {
        return KeyHash.of(group, "");
    }

    /** What a store of the group tells is noted. */
    public StoreEvents of(String group) {
        return stripes.length == 0 ? StoreEvents.NONE : new OfStore(hashOfGroup(group));
    }

    private Stripe stripe(long hash) {
        return stripes[(int) ((hash * MIX) >>> (Long.SIZE - STRIPE_BITS))];
    }

    /** A part with a lock of its own. */
    private static final class Stripe {
        private final long[] hashes;
        private final @Nullable Noted[] events;
        private int next;

        Stripe(int size) {
            hashes = new long[size];
            events = new Noted[size];
        }

        synchronized void add(long hash, Noted event) {
            hashes[next] = hash;
            events[next] = event;
            next = next + 1 == events.length ? 0 : next + 1;
        }

        synchronized void find(long hash, List<Noted> found) {
            for (int i = 0; i < hashes.length; i++) {
                Noted event = hashes[i] == hash ? events[i] : null;
                if (event != null) {
                    found.add(event);
                }
            }
        }
    }

    /** Translates. */
    private final class OfStore implements StoreEvents {
        private final long group;

        OfStore(long group) {
            this.group = group;
        }

        @Override
        public void offered(long keyHash, SourcePosition stamp, PutResult result) {
            KeyEvent event = switch (result) {
                case STORED -> KeyEvent.ADMIT;
                case REFUSED -> KeyEvent.REFUSE;
                case SUPERSEDED -> KeyEvent.SUPERSEDE;
                case TOO_LARGE -> KeyEvent.OVERSIZE;
            };
            note(keyHash, event, stamp, "");
        }

        @Override
        public void removed(long hash, SourcePosition position, RemoveResult result) {
            note(hash, result == RemoveResult.COVERED ? KeyEvent.COVER : KeyEvent.REMOVE, position, "");
        }

        @Override
        public void gone(long keyHash, SourcePosition stamp, Gone why) {
            KeyEvent event = switch (why) {
                case EXPIRED -> KeyEvent.EXPIRE;
                case EVICTED -> KeyEvent.EVICT;
                case DROPPED -> KeyEvent.DROP;
            };
            note(keyHash, event, stamp, "");
        }

        @Override
        public void groupRemoved(SourcePosition position) {
            note(group, KeyEvent.REMOVE, position, "");
        }

        @Override
        public void groupDropped() {
            note(group, KeyEvent.DROP, SourcePosition.UNKNOWN, "");
        }

        @Override
        public void floorRaised(SourcePosition position) {
            note(group, KeyEvent.FLOOR, position, "");
        }
    }
}
