package io.sluice.cluster;

import java.util.List;

/**
 * A key under a participant's lease that says the latest of something. Requests overtake one another on their way, and
 * one that failed here may be done later. If each just wrote, there would be this race:
 *
 * <ol>
 *   <li>the value for ring 5 is sent and is late;
 *   <li>the value for ring 8 is sent, and stands;
 *   <li>the first one arrives and replaces it. Nobody writes the second one again, so ring 8 waits for ever.
 * </ol>
 *
 * <p>Hence a value replaces only what was seen to stand while it was the latest one, and is tried again until it stands
 * or the incarnation has ended. Belongs to its loop.
 */
final class LatestValue {
    private static final long RETRY_MILLIS = 200;

    private final EtcdStore store;
    private final Loop loop;
    private final LeasedKey owner;
    private final String key;
    private long latest;

    LatestValue(EtcdStore store, Loop loop, LeasedKey owner, String key) {
        this.store = store;
        this.loop = loop;
        this.owner = owner;
        this.key = key;
    }

    /** Writes this value and gives up the one before. */
    void write(LeasedKey.Held held, String value) {
        latest++;
        look(held, value, latest);
    }

    private void look(LeasedKey.Held held, String value, long mine) {
        LeasedKey.Held now = owner.held();
        if (mine != latest || now == null || now.incarnation() != held.incarnation()) {
            return;
        }
        Replies.on(
                loop,
                store.list(key),
                listing -> {
                    if (mine == latest) {
                        replace(standing(listing), held, value, mine);
                    }
                },
                thrown -> lookAgain(held, value, mine));
    }

    private void replace(long revision, LeasedKey.Held held, String value, long mine) {
        Replies.on(
                loop,
                store.putIf(
                        List.of(
                                EtcdStore.Condition.created(owner.key(), held.incarnation()),
                                EtcdStore.Condition.modified(key, revision)),
                        key,
                        value,
                        held.lease()),
                written -> {
                    if (!written) {
                        lookAgain(held, value, mine);
                    }
                },
                thrown -> lookAgain(held, value, mine));
    }

    private void lookAgain(LeasedKey.Held held, String value, long mine) {
        loop.schedule(RETRY_MILLIS, () -> look(held, value, mine));
    }

    /** The revision of what stands, 0 for nothing. */
    private long standing(EtcdStore.Listing listing) {
        return listing.keys().stream()
                .filter(stored -> stored.key().equals(key))
                .mapToLong(EtcdStore.StoredKey::modRevision)
                .findFirst()
                .orElse(0);
    }
}
