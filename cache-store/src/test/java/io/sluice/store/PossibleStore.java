package io.sluice.store;

import java.util.Arrays;

/**
 * A store as the calls so far leave it: each call says whether its result is possible. Where entries may be evicted at
 * any moment, what a call returned tells whether one was. Then an entry may also be too large for a segment that has
 * lent others a part of its share this very moment. Keys and positions as in {@link StoreUnderLincheck}.
 */
final class PossibleStore {
    private final boolean mayEvict;

    /** For each key the position of what is held unless it was evicted; 0 for nothing. */
    private final int[] held;

    /** For each key the last position that was removed. */
    private final int[] removed;

    PossibleStore(boolean mayEvict) {
        this(mayEvict, new int[StoreUnderLincheck.KEYS], new int[StoreUnderLincheck.KEYS]);
    }

    private PossibleStore(boolean mayEvict, int[] held, int[] removed) {
        this.mayEvict = mayEvict;
        this.held = held;
        this.removed = removed;
    }

    PossibleStore copy() {
        return new PossibleStore(mayEvict, held.clone(), removed.clone());
    }

    boolean get(int key, int result) {
        boolean possible = held[key] == result || (mayEvict && result == 0);
        held[key] = result;
        return possible;
    }

    boolean put(int key, int position, PutResult result) {
        boolean admitted = position >= removed[key];
        boolean superseded = held[key] > position;
        return switch (result) {
            case STORED -> {
                boolean possible = admitted && (mayEvict || !superseded);
                held[key] = position;
                yield possible;
            }
            case REFUSED -> !admitted;
            case SUPERSEDED -> admitted && superseded;
            case TOO_LARGE -> {
                held[key] = 0;
                yield admitted && mayEvict;
            }
        };
    }

    boolean remove(int key, int position, RemoveResult result) {
        removed[key] = Math.max(removed[key], position);
        boolean covered = held[key] >= position;
        if (result == RemoveResult.COVERED) {
            return covered;
        }
        held[key] = 0;
        return mayEvict || !covered;
    }

    boolean removeAll(int position) {
        Arrays.fill(held, 0);
        return raiseFloor(position);
    }

    boolean raiseFloor(int position) {
        for (int key = 0; key < removed.length; key++) {
            removed[key] = Math.max(removed[key], position);
        }
        return true;
    }
}
