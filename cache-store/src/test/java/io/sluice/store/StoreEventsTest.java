package io.sluice.store;

import static io.sluice.store.Entries.HASHER;
import static io.sluice.store.Entries.TAGS;
import static io.sluice.store.Entries.TICK;
import static io.sluice.store.Entries.key;
import static io.sluice.store.Entries.sharedTag;
import static io.sluice.store.Entries.sized;
import static io.sluice.store.Entries.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store of two entries, one of 100 bytes each, tells of its keys. */
final class StoreEventsTest {
    private static final int ENTRY = SegmentedStore.entryOverheadBytes(PolicyKind.LRU, TAGS) + 4 + 100;

    private long now = 1_000;
    private final List<String> told = new ArrayList<>();
    private final SegmentedStore store = new StorePool(2L * ENTRY, () -> now)
            .add(new StoreSettings(1, PolicyKind.LRU, FenceLimits.DEFAULTS), HASHER, TAGS, new Listener());

    private final class Listener implements StoreEvents {
        @Override
        public void offered(long keyHash, SourcePosition stamp, PutResult result) {
            told.add(name(keyHash) + " " + result + " " + last(stamp));
        }

        @Override
        public void removed(long hash, SourcePosition position, RemoveResult result) {
            told.add(name(hash) + " " + result + " " + last(position));
        }

        @Override
        public void gone(long keyHash, SourcePosition stamp, Gone why) {
            told.add(name(keyHash) + " " + why + " " + last(stamp));
        }

        @Override
        public void groupRemoved(SourcePosition position) {
            told.add("group removed " + last(position));
        }

        @Override
        public void groupDropped() {
            told.add("group dropped");
        }

        @Override
        public void floorRaised(SourcePosition position) {
            told.add("floor " + last(position));
        }

        private String name(long hash) {
            for (int i = 1; i < 10; i++) {
                if (key(i).hash() == hash) {
                    return "key" + i;
                }
            }
            return hash == sharedTag(1) ? "tag" : "?";
        }

        private String last(SourcePosition position) {
            String text = position.toString();
            return text.substring(Math.max(text.lastIndexOf('-'), text.lastIndexOf(':')) + 1);
        }
    }

    private void put(int number, long stamp, long expiresAtNanos) {
        now += TICK;
        store.put(key(number), sized(100, upTo(stamp), now, expiresAtNanos));
    }

    private void put(int number, long stamp) {
        put(number, stamp, Long.MAX_VALUE / 2);
    }

    @Test
    void offersRemovesAndTheirResultsAreToldInOrder() {
        put(1, 5);
        store.remove(key(1), upTo(7));
        put(1, 6);
        put(1, 8);
        store.remove(key(1), upTo(7));
        put(1, 7);

        assertThat(told)
                .containsExactly(
                        "key1 STORED 5",
                        "key1 REMOVED 7",
                        "key1 REFUSED 6",
                        "key1 STORED 8",
                        "key1 COVERED 7",
                        "key1 SUPERSEDED 7");
    }

    @Test
    void whatGoesByItselfIsToldWithItsStampAndReason() {
        put(1, 1);
        put(2, 2);
        put(3, 3);
        put(4, 4, now + 10 * TICK);
        now += 100 * TICK;
        store.peek(key(4));
        store.retainIf(hash -> false);

        assertThat(told)
                .containsExactly(
                        "key1 STORED 1",
                        "key2 STORED 2",
                        "key1 EVICTED 1",
                        "key3 STORED 3",
                        "key2 EVICTED 2",
                        "key4 STORED 4",
                        "key4 EXPIRED 4",
                        "key3 DROPPED 3");
    }

    @Test
    void aTagIsToldOnceAndSoIsTheGroup() {
        put(1, 1);
        store.removeTag(sharedTag(1), upTo(2));
        store.raiseFloor(upTo(3));
        store.removeAll(upTo(4));
        store.clear();

        assertThat(told)
                .containsExactly("key1 STORED 1", "tag REMOVED 2", "floor 3", "group removed 4", "group dropped");
    }

    @Test
    void readsAreNotTold() {
        put(1, 1);
        told.clear();
        store.get(key(1));
        store.get(key(2));
        store.peek(key(1));

        assertThat(told).isEmpty();
    }
}
