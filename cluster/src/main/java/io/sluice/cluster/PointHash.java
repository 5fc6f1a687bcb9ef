package io.sluice.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * Where a member's virtual nodes stand on the ring.
 *
 * <p>An implementation is a pure function, equal on every machine. Tests inject one with readable places.
 */
@FunctionalInterface
public interface PointHash {
    /** XXH3 (64 bits, seed 0) over the UTF-8 form of {@code name#index}; no name holds a '#'. */
    PointHash XXH3 = new PointHash() {
        private final Hasher64 hasher = Hashing.xxh3_64();

        @Override
        public long place(String memberName, int index) {
            return hasher.hashBytesToLong((memberName + '#' + index).getBytes(UTF_8));
        }
    };

    /** The place of the member's virtual node number {@code index}, counted from 0. */
    long place(String memberName, int index);
}
