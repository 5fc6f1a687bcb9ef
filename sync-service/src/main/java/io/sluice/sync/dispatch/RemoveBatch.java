package io.sluice.sync.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of one call: each key once, at a position that stands for those of all that ask for it; groups
 * likewise at the union. Not safe for use by many threads. Invariant: what the request asks for takes away all that the
 * deliveries ask for.
 */
final class RemoveBatch {
    private static final int NOTHING = -1;

    private final List<Delivery> deliveries;
    private final RemovalBundle[] bundles;
    private final int[] indexes;
    private final ChangePosition[] positions;
    /** Places of removals by hash; at most half of it is used, and its size is a power of two. */
    private final int[] table;

    private int size;
    private byte @Nullable [] body;

    RemoveBatch(List<Delivery> deliveries) {
        this.deliveries = List.copyOf(deliveries);
        int most = this.deliveries.stream().mapToInt(Delivery::size).sum();
        this.bundles = new RemovalBundle[most];
        this.indexes = new int[most];
        this.positions = new ChangePosition[most];
        this.table = new int[2 * Integer.highestOneBit(Math.max(1, most)) * 2];
        Arrays.fill(table, NOTHING);
        for (Delivery delivery : this.deliveries) {
            for (int i = delivery.next(0); i >= 0; i = delivery.next(i + 1)) {
                add(delivery.bundle(), i);
            }
        }
    }

    private void add(RemovalBundle bundle, int index) {
        long hash = bundle.hash(index);
        ChangePosition position = bundle.position(index);
        int place = (int) (hash ^ hash >>> 32) & (table.length - 1);
        while (table[place] != NOTHING) {
            int other = table[place];
            if (bundles[other].isSame(indexes[other], bundle, index)) {
                ChangePosition both = bundle.kind(index).isKey()
                        ? later(positions[other], position)
                        : positions[other].union(position);
                if (both != null) {
                    positions[other] = both;
                    return;
                }
            }
            place = (place + 1) & (table.length - 1);
        }
        table[place] = size;
        bundles[size] = bundle;
        indexes[size] = index;
        positions[size] = position;
        size++;
    }

    private static @Nullable ChangePosition later(ChangePosition one, ChangePosition other) {
        if (one.standsFor(other)) {
            return one;
        }
        return other.standsFor(one) ? other : null;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /** How many removals the request asks for. */
    int size() {
        return size;
    }

    /** The request's body, without a header; not to be changed. */
    byte[] body() {
        byte[] known = body;
        if (known == null) {
            known = encode();
            body = known;
        }
        return known;
    }

    private byte[] encode() {
        Map<String, Integer> positionIndexes = new LinkedHashMap<>();
        List<String> texts = new ArrayList<>();
        int[] positionOf = new int[size];
        String last = null;
        int lastIndex = 0;
        for (int i = 0; i < size; i++) {
            String text = positions[i].text();
            if (!text.equals(last)) {
                last = text;
                Integer known = positionIndexes.putIfAbsent(text, texts.size());
                lastIndex = known == null ? texts.size() : known;
                if (known == null) {
                    texts.add(text);
                }
            }
            positionOf[i] = lastIndex;
        }
        RemoveRequestWriter writer = new RemoveRequestWriter();
        texts.forEach(writer::position);
        for (int i = 0; i < size; i++) {
            writer.removal(bundles[i], indexes[i], positionOf[i]);
        }
        return writer.toBytes();
    }
}
