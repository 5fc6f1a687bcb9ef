package io.sluice.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The holders of every place of one ring, worked out once, so that asking for the holders of a key allocates nothing.
 *
 * <p>Immutable and thread-safe. Equal lists are one object: there are at most about members² of them for two holders.
 */
final class HolderTable {
    private final Ring ring;
    private final List<List<Member>> holdersAt;

    HolderTable(Ring ring, int count) {
        this.ring = ring;
        Map<List<Member>, List<Member>> unique = new HashMap<>();
        List<List<Member>> table = new ArrayList<>(ring.size());
        for (int place = 0; place < ring.size(); place++) {
            List<Member> holders = ring.holdersAt(place, count);
            table.add(unique.computeIfAbsent(holders, same -> same));
        }
        this.holdersAt = table;
    }

    List<Member> holders(long hash) {
        return holdersAt.isEmpty() ? List.of() : holdersAt.get(ring.placeOf(hash));
    }
}
