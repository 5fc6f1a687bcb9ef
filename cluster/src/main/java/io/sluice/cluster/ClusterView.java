package io.sluice.cluster;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that stands in etcd about one cluster at one revision. It is what the coordinator decides on and what an
 * operator is shown.
 *
 * <p>Immutable.
 *
 * @param revision of etcd: all that was written up to it is in here, nothing after it is
 * @param document null while there is none
 * @param documentRevision that wrote the document; 0 while there is none
 * @param coordinator name and incarnation of the node that writes it, as {@code name@incarnation}; "" for none
 * @param members registered nodes by name
 * @param leaving names of those that say that they are leaving
 * @param syncs incarnations of the registered sync instances by name
 * @param nodeConfirmations by name of the node
 * @param syncConfirmations by name of the sync instance
 * @param floors what sync instances have read, by name
 * @param malformed keys that could not be read, with the reason
 */
public record ClusterView(
        long revision,
        @Nullable TopologyDocument document,
        long documentRevision,
        String coordinator,
        Map<String, Member> members,
        Set<String> leaving,
        Map<String, Long> syncs,
        Map<String, Confirmation> nodeConfirmations,
        Map<String, Confirmation> syncConfirmations,
        Map<String, RingFloors> floors,
        Map<String, String> malformed) {

    /** Whether this life of a node is registered. */
    boolean isPresent(Member node) {
        Member there = members.get(node.name());
        return there != null && there.incarnation() == node.incarnation();
    }

    /** Whether this life of a sync instance, as {@code name@incarnation}, is registered. */
    boolean isRegistered(String sync) {
        int at = sync.lastIndexOf('@');
        Long incarnation = at < 0 ? null : syncs.get(sync.substring(0, at));
        return incarnation != null && sync.substring(at + 1).equals(incarnation.toString());
    }

    /** Whether a registered sync instance has confirmed that it sends to the holders of a ring. */
    public boolean syncConfirmed(String sync, long ring) {
        return confirms(syncConfirmations.get(sync), syncs.get(sync), ring);
    }

    /** Whether a registered node has confirmed that it holds nothing under a ring that closes. */
    public boolean nodeConfirmed(String node, long ring) {
        Member member = members.get(node);
        return confirms(nodeConfirmations.get(node), member == null ? null : member.incarnation(), ring);
    }

    private static boolean confirms(@Nullable Confirmation confirmation, @Nullable Long incarnation, long ring) {
        return confirmation != null
                && incarnation != null
                && confirmation.incarnation() == incarnation
                && confirmation.rings().contains(ring);
    }
}
