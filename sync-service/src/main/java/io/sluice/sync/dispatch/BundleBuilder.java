package io.sluice.sync.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.proto.v1.RemovalScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packs removals into a {@link RemovalBundle}: each key once, and as few positions as stand for all of them. The
 * changes of a run of records have ascending positions, so there is one as a rule, the last.
 *
 * <p>Why a key is sent once, at the position that covers the others: a node forgets by a Remove at the later position
 * whatever it would forget by one at the earlier. Where neither covers the other both are sent.
 *
 * <p>Can be used again after {@link #build}. Not safe for use by many threads. Invariant: for every removal that was
 * added the bundle has one of the same group, scope and key at a position that stands for its position.
 */
public final class BundleBuilder {
    static final int MAX_REMOVALS = 1 << 10;

    private static final int MAX_KEY_BYTES = 1 << 16;
    private static final int MAX_KNOWN_KINDS = 1_000;
    /** How many of the last positions are compared with a new one. */
    private static final int POSITIONS_COMPARED = 8;

    private static final int NOTHING = -1;

    /** Those of earlier bundles too, so that a group's hash is prepared once. */
    private final Map<RemovalScope, Map<String, Kind>> known = new EnumMap<>(RemovalScope.class);

    private final Map<Kind, Short> kinds = new LinkedHashMap<>();
    private final List<ChangePosition> positions = new ArrayList<>();
    private Kind lastKind = new Kind("", RemovalScope.REMOVAL_SCOPE_GROUP);
    private short lastKindIndex;
    /** Indexes by hash; at most half of it is used, and its size is a power of two. */
    private int[] table = new int[32];

    private short[] kindOf = new short[16];
    private short[] positionOf = new short[16];
    private long[] hashes = new long[16];
    private int[] ends = new int[16];
    private byte[] keys = new byte[256];
    private int size;

    /** An empty one. */
    public BundleBuilder() {
        Arrays.fill(table, NOTHING);
    }

    /** A bundle of one. */
    static RemovalBundle of(Removal removal) {
        BundleBuilder builder = new BundleBuilder();
        builder.add(removal);
        return builder.build();
    }

    /** True when there is nothing to build. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** True when it should be built before more is added. */
    public boolean isFull() {
        return size == MAX_REMOVALS || keysEnd() >= MAX_KEY_BYTES;
    }

    /** Adds one; not when full. */
    public void add(Removal removal) {
        add(removal.group(), removal.scope(), removal.key(), positionIndex(removal.position()));
    }

    void add(String group, RemovalScope scope, String key, ChangePosition position) {
        add(group, scope, key, positionIndex(position));
    }

    private void add(String group, RemovalScope scope, String key, short at) {
        if (size == MAX_REMOVALS) {
            throw new IllegalStateException("the bundle is full: build it first");
        }
        Kind kind = lastKind.is(group, scope) ? lastKind : kind(group, scope);
        byte[] utf8 = key.getBytes(UTF_8);
        long hash = kind.hash(utf8);
        int place = place(hash);
        while (table[place] != NOTHING) {
            int other = table[place];
            if (isSame(other, kindIndex(kind), hash, utf8) && covers(other, at)) {
                return;
            }
            place = (place + 1) & (table.length - 1);
        }
        table[place] = size;
        append(kindIndex(kind), hash, utf8, at);
        if (2 * size > table.length) {
            grow();
        }
    }

    private void grow() {
        table = new int[2 * table.length];
        Arrays.fill(table, NOTHING);
        for (int i = 0; i < size; i++) {
            int place = place(hashes[i]);
            while (table[place] != NOTHING) {
                place = (place + 1) & (table.length - 1);
            }
            table[place] = i;
        }
    }

    private int place(long hash) {
        return (int) (hash ^ hash >>> 32) & (table.length - 1);
    }

    private boolean isSame(int index, short kind, long hash, byte[] key) {
        int start = index == 0 ? 0 : ends[index - 1];
        return hashes[index] == hash
                && kindOf[index] == kind
                && Arrays.equals(keys, start, ends[index], key, 0, key.length);
    }

    /** Makes the one that is there already stand for a position as well, if it can. */
    private boolean covers(int index, short position) {
        if (positions.get(positionOf[index]).standsFor(positions.get(position))) {
            return true;
        }
        if (positions.get(position).standsFor(positions.get(positionOf[index]))) {
            positionOf[index] = position;
            return true;
        }
        return false;
    }

    private short positionIndex(String text) {
        if (!positions.isEmpty()) {
            ChangePosition last = positions.getLast();
            if (last.text().equals(text)) {
                return (short) (positions.size() - 1);
            }
            ChangePosition grown = last.grownTo(text);
            if (grown != null) {
                positions.set(positions.size() - 1, grown);
                return (short) (positions.size() - 1);
            }
        }
        return positionIndex(ChangePosition.parse(text));
    }

    private short positionIndex(ChangePosition position) {
        int compared = Math.max(0, positions.size() - POSITIONS_COMPARED);
        for (int i = positions.size() - 1; i >= compared; i--) {
            if (positions.get(i).standsFor(position)) {
                return (short) i;
            }
            if (position.standsFor(positions.get(i))) {
                positions.set(i, position);
                return (short) i;
            }
        }
        positions.add(position);
        return (short) (positions.size() - 1);
    }

    private Kind kind(String group, RemovalScope scope) {
        Map<String, Kind> ofScope = known.computeIfAbsent(scope, added -> new HashMap<>());
        if (ofScope.size() > MAX_KNOWN_KINDS) {
            ofScope.clear();
        }
        return ofScope.computeIfAbsent(group, added -> new Kind(group, scope));
    }

    @SuppressWarnings("ReferenceEquality") // The very same object: kinds are made once.
    private short kindIndex(Kind kind) {
        if (kind != lastKind || kinds.isEmpty()) {
            lastKindIndex = kinds.computeIfAbsent(kind, added -> (short) kinds.size());
            lastKind = kind;
        }
        return lastKindIndex;
    }

    private void append(short kind, long hash, byte[] utf8, short position) {
        int start = keysEnd();
        if (size == kindOf.length) {
            kindOf = Arrays.copyOf(kindOf, 2 * size);
            positionOf = Arrays.copyOf(positionOf, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        if (keys.length - start < utf8.length) {
            keys = Arrays.copyOf(keys, Math.max(2 * keys.length, start + utf8.length));
        }
        System.arraycopy(utf8, 0, keys, start, utf8.length);
        kindOf[size] = kind;
        positionOf[size] = position;
        hashes[size] = hash;
        ends[size] = start + utf8.length;
        size++;
    }

    private int keysEnd() {
        return size == 0 ? 0 : ends[size - 1];
    }

    /** What was added, and begins anew. */
    public RemovalBundle build() {
        RemovalBundle bundle = new RemovalBundle(
                kinds.keySet(),
                positions,
                Arrays.copyOf(kindOf, size),
                Arrays.copyOf(positionOf, size),
                Arrays.copyOf(hashes, size),
                Arrays.copyOf(ends, size),
                Arrays.copyOf(keys, keysEnd()));
        kinds.clear();
        positions.clear();
        Arrays.fill(table, NOTHING);
        keys = keys.length > 2 * MAX_KEY_BYTES ? new byte[256] : keys;
        size = 0;
        return bundle;
    }
}
