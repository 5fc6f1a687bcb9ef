package io.sluice.store;

import io.sluice.coherence.SourcePosition;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One call of a store, as drawn by jqwik, or the passing of time. Times are in ticks, which is what a store keeps them
 * to, relative to when the step is made.
 */
sealed interface StoreStep {
    /** Keys are numbered from 0 to below this. */
    int KEYS = 12;

    record Get(StoreKey key) implements StoreStep {}

    record Peek(StoreKey key) implements StoreStep {}

    record Put(StoreKey key, SourcePosition stamp, int valueBytes, boolean found, int beganAgo, int expiresIn)
            implements StoreStep {
        CacheEntry entry(long now) {
            long began = now - beganAgo * Entries.TICK;
            long expires = now + expiresIn * Entries.TICK;
            return found ? CacheEntry.found(value(), stamp, began, expires) : CacheEntry.missing(stamp, began, expires);
        }

        /** Bytes that tell a value from others. */
        private byte[] value() {
            byte[] value = new byte[valueBytes];
            Arrays.fill(value, (byte) (valueBytes * 31 + beganAgo));
            return value;
        }
    }

    record Remove(StoreKey key, SourcePosition position) implements StoreStep {}

    record RemoveTag(long tag, SourcePosition position) implements StoreStep {}

    record RemoveAll(SourcePosition position) implements StoreStep {}

    record RaiseFloor(SourcePosition position) implements StoreStep {}

    record Admits(StoreKey key, SourcePosition stamp, int beganAgo) implements StoreStep {}

    record RetainAbove(long hash) implements StoreStep {}

    record Pass(int ticks) implements StoreStep {}

    /** Any step; stamps of puts are mostly later than positions of Removes, or hardly anything would be admitted. */
    static Arbitrary<StoreStep> any(Arbitrary<SourcePosition> positions, Arbitrary<Integer> passes) {
        Arbitrary<StoreKey> keys = Arbitraries.integers().between(0, KEYS - 1).map(Entries::key);
        Arbitrary<Integer> ages = Arbitraries.integers().between(0, 49);
        Arbitrary<SourcePosition> stamps = Arbitraries.oneOf(
                positions, Arbitraries.integers().between(35, 54).map(Entries::upTo));
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.integers().between(0, 99)),
                Tuple.of(1, Arbitraries.integers().between(100, 4_000)));
        Arbitrary<Boolean> found = Arbitraries.frequency(Tuple.of(4, true), Tuple.of(1, false));
        Arbitrary<Integer> lives = Arbitraries.integers().between(-5, 194);
        Arbitrary<StoreStep> puts =
                Combinators.combine(keys, stamps, sizes, found, ages, lives).as(Put::new);
        Arbitrary<StoreStep> removes = Combinators.combine(keys, positions).as(Remove::new);
        Arbitrary<Long> tags = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 1).map(Entries::sharedTag),
                Arbitraries.integers().between(0, KEYS - 1).map(Entries::ownTag));
        Arbitrary<StoreStep> tagRemoves = Combinators.combine(tags, positions).as(RemoveTag::new);
        Arbitrary<StoreStep> admits = Combinators.combine(keys, positions, ages).as(Admits::new);
        return Arbitraries.<StoreStep>frequencyOf(
                        Tuple.of(60, keys.map(Get::new)),
                        Tuple.of(6, keys.map(Peek::new)),
                        Tuple.of(60, puts),
                        Tuple.of(25, removes),
                        Tuple.of(8, tagRemoves),
                        Tuple.of(2, positions.map(RemoveAll::new)),
                        Tuple.of(1, positions.map(RaiseFloor::new)),
                        Tuple.of(8, admits),
                        Tuple.of(4, Arbitraries.longs().map(RetainAbove::new)),
                        Tuple.of(40, passes.map(Pass::new)))
                .withoutEdgeCases();
    }

    /** Positions of one server or two, with gaps, and none at all. */
    static Arbitrary<SourcePosition> anyPositions() {
        Arbitrary<Integer> last = Arbitraries.integers().between(1, 30);
        return Arbitraries.frequencyOf(
                Tuple.of(3, last.map(Entries::upTo)),
                Tuple.of(1, Arbitraries.just(SourcePosition.UNKNOWN)),
                Tuple.of(1, last.map(first -> SourcePosition.parse(Entries.SERVER + ":" + first + "-" + (first + 3)))),
                Tuple.of(
                        1,
                        last.map(both -> Entries.upTo(both)
                                .union(SourcePosition.parse("f0000000-0000-0000-8000-00000000000b:1-" + both)))));
    }
}
