package io.sluice.sync.source;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of a row's columns in the order of the message, shared by its rows. Immutable. */
final class ColumnNames {
    /** Up to so many, looking at each is faster than hashing. */
    private static final int FEW = 24;

    private final String[] inOrder;
    /** Of many names only; a race builds it twice, to equal maps. */
    private volatile @Nullable Map<String, Integer> index;

    /** Of the first {@code size} names. */
    ColumnNames(String[] names, int size) {
        inOrder = Arrays.copyOf(names, size);
    }

    boolean are(String[] names, int size) {
        return Arrays.equals(inOrder, 0, inOrder.length, names, 0, size);
    }

    String get(int at) {
        return inOrder[at];
    }

    /** The last place of a name, or -1. */
    int indexOf(Object name) {
        if (inOrder.length > FEW) {
            return index().getOrDefault(name, -1);
        }
        for (int i = inOrder.length - 1; i >= 0; i--) {
            if (inOrder[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private Map<String, Integer> index() {
        Map<String, Integer> known = index;
        if (known == null) {
            known = HashMap.newHashMap(inOrder.length);
            for (int i = 0; i < inOrder.length; i++) {
                known.put(inOrder[i], i);
            }
            index = known;
        }
        return known;
    }
}
