package io.sluice.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members as etcd's listings and events tell them.
 *
 * <p>Not safe for concurrent access: it belongs to the membership's thread. A record that is malformed is no member and
 * is reported once per version of it; nothing here throws because of what stands in etcd.
 */
final class MemberTable {
    private static final Logger log = LoggerFactory.getLogger(MemberTable.class);

    private final Map<String, Member> members = new HashMap<>();
    private final Map<String, Long> reported = new HashMap<>();
    private long revision;

    /** The members now. */
    List<Member> members() {
        return List.copyOf(members.values());
    }

    /** The revision of the last listing or event. */
    long revision() {
        return revision;
    }

    /**
     * Takes over a listing. With {@code keepMissing}, members that it lacks stay.
     *
     * @return whether the members changed
     */
    boolean replace(EtcdStore.Listing listing, boolean keepMissing) {
        Set<String> listed = new HashSet<>();
        boolean changed = false;
        for (EtcdStore.StoredMember record : listing.records()) {
            listed.add(record.name());
            changed |= put(record);
        }
        if (!keepMissing) {
            changed |= members.keySet().retainAll(listed);
            reported.keySet().retainAll(listed);
        }
        revision = listing.revision();
        return changed;
    }

    /**
     * Takes over one event; one that is older than what is known is ignored.
     *
     * @return whether the members changed
     */
    boolean apply(EtcdStore.Change change) {
        if (change.modRevision() <= revision) {
            return false;
        }
        if (change.record() != null) {
            return put(change.record());
        }
        reported.remove(change.name());
        return members.remove(change.name()) != null;
    }

    /** Whether a listing names other records, or other lives of them, than are known here. */
    boolean differsFrom(EtcdStore.Listing listing) {
        Set<String> listed = new HashSet<>();
        for (EtcdStore.StoredMember record : listing.records()) {
            listed.add(record.name());
            if (record.modRevision() > revision) {
                return true;
            }
        }
        return !listed.containsAll(members.keySet());
    }

    /** All events up to a revision are in. */
    void reached(long newRevision) {
        revision = Math.max(revision, newRevision);
    }

    private boolean put(EtcdStore.StoredMember record) {
        Member member;
        try {
            member = MemberRecord.decode(record);
        } catch (IllegalArgumentException e) {
            if (!Objects.equals(reported.put(record.name(), record.modRevision()), record.modRevision())) {
                log.warn(
                        "Member record {} in etcd is ignored: {}. Delete the key or fix its writer",
                        record.name(),
                        e.getMessage());
            }
            return members.remove(record.name()) != null;
        }
        reported.remove(record.name());
        return !member.equals(members.put(record.name(), member));
    }
}
