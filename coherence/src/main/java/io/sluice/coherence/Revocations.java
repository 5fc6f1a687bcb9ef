package io.sluice.coherence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What holders are to be told for one batch of Removes: one message for each holder and group, or several where there
 * are many keys. Not thread-safe.
 */
final class Revocations {
    private final Map<LeaseHolder, Map<String, Batch>> batches = new LinkedHashMap<>();

    /** One message. */
    record Message(String group, List<String> keys, SourcePosition position, List<Lease> leases) {}

    /** The leases of one holder in one group. */
    private static final class Batch {
        private final List<Lease> leases = new ArrayList<>();
        private SourcePosition position = SourcePosition.UNKNOWN;
        private boolean positioned = true;
        private boolean whole;

        void add(Lease lease, boolean all, SourcePosition demanded) {
            leases.add(lease);
            whole |= all;
            positioned &= !demanded.isUnknown();
            position = position.union(demanded);
        }

        SourcePosition position() {
            // One without a position demands more than any that has one.
            return positioned ? position : SourcePosition.UNKNOWN;
        }

        List<String> keys(int from, int to) {
            return leases.subList(from, to).stream().map(Lease::key).toList();
        }
    }

    /** Adds a lease, unless its holder was told already. */
    void add(Lease lease, boolean whole, SourcePosition position) {
        if (!lease.isRevoked()) {
            lease.revoked();
            batches.computeIfAbsent(lease.holder(), holder -> new LinkedHashMap<>())
                    .computeIfAbsent(lease.group(), group -> new Batch())
                    .add(lease, whole, position);
        }
    }

    /** Gives each message, of at most so many keys. */
    void forEach(int mostKeys, BiConsumer<LeaseHolder, Message> message) {
        batches.forEach((holder, groups) -> groups.forEach((group, batch) -> {
            if (batch.whole) {
                message.accept(holder, new Message(group, List.of(), batch.position(), batch.leases));
                return;
            }
            for (int from = 0; from < batch.leases.size(); from += mostKeys) {
                int to = Math.min(from + mostKeys, batch.leases.size());
                List<Lease> some = List.copyOf(batch.leases.subList(from, to));
                message.accept(holder, new Message(group, batch.keys(from, to), batch.position(), some));
            }
        }));
    }
}
