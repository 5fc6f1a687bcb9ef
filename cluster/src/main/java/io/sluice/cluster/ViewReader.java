package io.sluice.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a {@link ClusterView} from keys. What is malformed is left out and reported once for each version of it;
 * nothing here throws because of what stands in etcd.
 *
 * <p>Not safe for concurrent access.
 */
final class ViewReader {
    private static final Logger log = LoggerFactory.getLogger(ViewReader.class);

    private final Map<String, Long> reported = new HashMap<>();

    // What is being read.
    private @Nullable TopologyDocument document;
    private long documentRevision;
    private String coordinator = "";
    private final Map<String, Member> members = new TreeMap<>();
    private final Set<String> leaving = new HashSet<>();
    private final Map<String, Long> syncs = new TreeMap<>();
    private final Map<String, Confirmation> nodeConfirmations = new TreeMap<>();
    private final Map<String, Confirmation> syncConfirmations = new TreeMap<>();
    private final Map<String, RingFloors> floors = new TreeMap<>();
    private final Map<String, String> malformed = new TreeMap<>();

    ClusterView read(long revision, Collection<EtcdStore.StoredKey> keys) {
        clear();
        for (EtcdStore.StoredKey stored : keys) {
            try {
                read(stored);
            } catch (IllegalArgumentException e) {
                malformed.put(stored.key(), String.valueOf(e.getMessage()));
                report(stored, e);
            }
        }
        reported.keySet().retainAll(malformed.keySet());
        return new ClusterView(
                revision,
                document,
                documentRevision,
                coordinator,
                Map.copyOf(members),
                Set.copyOf(leaving),
                Map.copyOf(syncs),
                Map.copyOf(nodeConfirmations),
                Map.copyOf(syncConfirmations),
                Map.copyOf(floors),
                Map.copyOf(malformed));
    }

    private void read(EtcdStore.StoredKey stored) {
        String key = stored.key();
        String value = stored.value();
        if (key.equals(ClusterKeys.TOPOLOGY)) {
            documentRevision = stored.modRevision();
            document = TopologyJson.decode(value);
        } else if (key.equals(ClusterKeys.COORDINATOR)) {
            coordinator = value;
        } else if (key.startsWith(ClusterKeys.MEMBERS)) {
            Member member = MemberRecord.decode(stored);
            members.put(member.name(), member);
            if (MemberRecord.isLeaving(stored)) {
                leaving.add(member.name());
            }
        } else {
            under(key, ClusterKeys.SYNCS, name -> syncs.put(name, stored.createRevision()));
            under(
                    key,
                    ClusterKeys.confirmation(ClusterKeys.MEMBERS),
                    name -> nodeConfirmations.put(name, Confirmation.decode(value)));
            under(
                    key,
                    ClusterKeys.confirmation(ClusterKeys.SYNCS),
                    name -> syncConfirmations.put(name, Confirmation.decode(value)));
            under(key, ClusterKeys.FLOORS, name -> floors.put(name, RingFloors.decode(value)));
        }
    }

    private static void under(String key, String start, Consumer<String> name) {
        if (key.startsWith(start)) {
            name.accept(key.substring(start.length()));
        }
    }

    private void report(EtcdStore.StoredKey stored, IllegalArgumentException reason) {
        Long before = reported.put(stored.key(), stored.modRevision());
        if (before == null || before != stored.modRevision()) {
            log.warn(
                    "The key {} in etcd is ignored: {}. Delete the key or fix its writer",
                    stored.key(),
                    reason.getMessage());
        }
    }

    private void clear() {
        document = null;
        documentRevision = 0;
        coordinator = "";
        members.clear();
        leaving.clear();
        syncs.clear();
        nodeConfirmations.clear();
        syncConfirmations.clear();
        floors.clear();
        malformed.clear();
    }
}
