package io.sluice.sync.dispatch;

import io.sluice.proto.v1.RemovalScope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Removals that go out together, in about 20 bytes each beside their keys: a million of them may wait for one node that
 * does not answer. They are spoken of by their index. Immutable.
 */
public final class RemovalBundle {
    /** What a bundle and all that tracks it takes beside its removals, about. */
    private static final int FIXED_BYTES = 1_000;

    private static final int BYTES_EACH = 20;

    private final List<Kind> kinds;
    private final List<ChangePosition> positions;
    private final short[] kindOf;
    private final short[] positionOf;
    private final long[] hashes;
    private final int[] ends;
    private final byte[] keys;

    /** The arrays belong to the bundle from now on. */
    RemovalBundle(
            Collection<Kind> kinds,
            List<ChangePosition> positions,
            short[] kindOf,
            short[] positionOf,
            long[] hashes,
            int[] ends,
            byte[] keys) {
        this.kinds = List.copyOf(kinds);
        this.positions = List.copyOf(positions);
        this.kindOf = kindOf;
        this.positionOf = positionOf;
        this.hashes = hashes;
        this.ends = ends;
        this.keys = keys;
    }

    int size() {
        return kindOf.length;
    }

    Kind kind(int index) {
        return kinds.get(kindOf[index]);
    }

    ChangePosition position(int index) {
        return positions.get(positionOf[index]);
    }

    /** The ring's hash of a key; for another scope just a hash. */
    long hash(int index) {
        return hashes[index];
    }

    /** The bytes that hold all keys; not to be changed. */
    byte[] keys() {
        return keys;
    }

    /** Where a key begins in {@link #keys}. */
    int keyStart(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /** How many bytes a key has. */
    int keyLength(int index) {
        return ends[index] - keyStart(index);
    }

    /** The key, as text. */
    String key(int index) {
        return new String(keys, keyStart(index), keyLength(index), StandardCharsets.UTF_8);
    }

    /** Says of each kind how many removals are of it. */
    void countKinds(ObjIntConsumer<Kind> counts) {
        int[] sums = new int[kinds.size()];
        for (short kind : kindOf) {
            sums[kind]++;
        }
        for (int i = 0; i < sums.length; i++) {
            counts.accept(kinds.get(i), sums[i]);
        }
    }

    /** About how many bytes of a request one removal takes, its position apart. */
    int wireBytes(int index) {
        return 16 + kind(index).groupUtf8().length + keyLength(index);
    }

    /** About how many bytes of heap this takes while it is under way. */
    long footprintBytes() {
        long sum = FIXED_BYTES + (long) BYTES_EACH * size() + keys.length;
        for (ChangePosition position : positions) {
            sum += 4L * position.text().length();
        }
        return sum;
    }

    /** Whether two removals forget the same, whatever their positions. */
    boolean isSame(int index, RemovalBundle other, int otherIndex) {
        return hashes[index] == other.hashes[otherIndex]
                && kind(index).equals(other.kind(otherIndex))
                && Arrays.equals(
                        keys,
                        keyStart(index),
                        ends[index],
                        other.keys,
                        other.keyStart(otherIndex),
                        other.ends[otherIndex]);
    }

    /**
     * What takes away at least as much and has few removals: every group that is named here, at positions that cover.
     */
    RemovalBundle coarser() {
        Map<String, List<ChangePosition>> positionsOf = new LinkedHashMap<>();
        BundleBuilder builder = new BundleBuilder();
        for (int i = 0; i < size(); i++) {
            boolean isNew = i == 0 || kindOf[i] != kindOf[i - 1] || positionOf[i] != positionOf[i - 1];
            if (kind(i).scope() == RemovalScope.REMOVAL_SCOPE_HISTORY) {
                // Its position is not that of a change.
                builder.add(kind(i).group(), RemovalScope.REMOVAL_SCOPE_HISTORY, "", position(i));
            } else if (isNew) {
                merge(positionsOf.computeIfAbsent(kind(i).group(), added -> new ArrayList<>()), position(i));
            }
        }
        positionsOf.forEach((group, apart) ->
                apart.forEach(position -> builder.add(group, RemovalScope.REMOVAL_SCOPE_GROUP, "", position)));
        return builder.build();
    }

    private static void merge(List<ChangePosition> apart, ChangePosition position) {
        for (int i = 0; i < apart.size(); i++) {
            ChangePosition union = apart.get(i).union(position);
            if (union != null) {
                apart.set(i, union);
                return;
            }
        }
        apart.add(position);
    }

    /** The group of one removal, without a position: what can be refused for neither its key nor its position. */
    RemovalBundle groupOf(int index) {
        return BundleBuilder.of(Removal.ofGroup(kind(index).group(), ""));
    }
}
