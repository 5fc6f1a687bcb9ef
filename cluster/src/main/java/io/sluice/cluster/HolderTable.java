package io.sluice.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The holders of every arc of the circle, worked out once, so that asking for the holders of a key allocates nothing.
 *
 * <p>Immutable and thread-safe. Equal lists are one object: there are at most about members² of them for two holders.
 */
final class HolderTable {
    private static final HolderTable EMPTY = new HolderTable(new long[0], List.of());

    /** Ends of the arcs, ascending and distinct. */
    private final long[] places;

    private final List<List<Member>> holdersAt;

    private HolderTable(long[] places, List<List<Member>> holdersAt) {
        this.places = places;
        this.holdersAt = holdersAt;
    }

    /** The holders by one ring. */
    static HolderTable of(Ring ring, int count) {
        long[] places = ring.distinctPlaces();
        Map<List<Member>, List<Member>> unique = new HashMap<>();
        List<List<Member>> table = new ArrayList<>(places.length);
        for (long place : places) {
            List<Member> holders = ring.holdersAt(ring.placeOf(place), count);
            table.add(unique.computeIfAbsent(holders, same -> same));
        }
        return new HolderTable(places, table);
    }

    /** Every holder by any of the tables: those of the first table first, nobody twice. */
    static HolderTable union(List<HolderTable> tables) {
        if (tables.size() <= 1) {
            return tables.isEmpty() ? EMPTY : tables.get(0);
        }
        // Between two neighbouring places of all the tables together no table changes its answer.
        long[] places = tables.stream()
                .flatMapToLong(table -> LongStream.of(table.places))
                .sorted()
                .distinct()
                .toArray();
        Map<List<Member>, List<Member>> unique = new HashMap<>();
        List<List<Member>> union = new ArrayList<>(places.length);
        for (long place : places) {
            Set<Member> holders = new LinkedHashSet<>();
            tables.forEach(table -> holders.addAll(table.holders(place)));
            List<Member> list = List.copyOf(holders);
            union.add(unique.computeIfAbsent(list, same -> same));
        }
        return new HolderTable(places, union);
    }

    List<Member> holders(long hash) {
        if (places.length == 0) {
            return List.of();
        }
        int found = Arrays.binarySearch(places, hash);
        int at = found < 0 ? -(found + 1) : found;
        return holdersAt.get(at == places.length ? 0 : at);
    }
}
