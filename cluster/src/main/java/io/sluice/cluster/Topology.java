package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who the members are and who holds which key, at one revision.
 *
 * <p>Immutable, swapped whole, safe for any thread. Everybody asks the topology and nobody a ring: today there is one
 * ring, of all members; when a ring change takes two steps there are several, and the answers here take all of them
 * into account. No question allocates.
 */
public final class Topology {
    /** Owner and one replica. */
    public static final int DEFAULT_REPLICATION_FACTOR = 2;

    /** Greatest replication factor. */
    public static final int MAX_REPLICATION_FACTOR = 16;

    private final long revision;
    private final List<Member> members;
    private final Map<String, Member> byName;
    private final int replicationFactor;
    private final HolderTable holders;

    private Topology(long revision, List<Member> members, int replicationFactor, HolderTable holders) {
        this.revision = revision;
        this.members = members;
        this.byName = members.stream().collect(Collectors.toUnmodifiableMap(Member::name, Function.identity()));
        this.replicationFactor = replicationFactor;
        this.holders = holders;
    }

    /** A topology of members with distinct names, on a ring with the default number of virtual nodes. */
    public static Topology of(long revision, Collection<Member> members, int replicationFactor) {
        return of(revision, Ring.of(members, Ring.DEFAULT_VIRTUAL_NODES), members, replicationFactor);
    }

    /** A topology on a given ring of the same members, for tests that choose the places. */
    static Topology of(long revision, Ring ring, Collection<Member> members, int replicationFactor) {
        requireNonNull(members, "members is null");
        if (replicationFactor < 1 || replicationFactor > MAX_REPLICATION_FACTOR) {
            throw new IllegalArgumentException(
                    "the replication factor is " + replicationFactor + ": give 1 to " + MAX_REPLICATION_FACTOR);
        }
        List<Member> sorted =
                members.stream().sorted(Comparator.comparing(Member::name)).toList();
        return new Topology(revision, sorted, replicationFactor, new HolderTable(ring, replicationFactor));
    }

    /** Grows with every change of the members; comparable between processes that watch the same etcd. */
    public long revision() {
        return revision;
    }

    /** All members, by name. */
    public List<Member> members() {
        return members;
    }

    /** The member with a name, or null. */
    public @Nullable Member member(String name) {
        return byName.get(name);
    }

    /** How many holders a key has where there are enough members. */
    public int replicationFactor() {
        return replicationFactor;
    }

    /** The member to ask for a key first; null when there is no member. */
    public @Nullable Member owner(long hash) {
        List<Member> all = holders.holders(hash);
        return all.isEmpty() ? null : all.get(0);
    }

    /** Everyone who may hold a key, the owner first; empty when there is no member. */
    public List<Member> holders(long hash) {
        return holders.holders(hash);
    }

    /** Whether the member with a name may hold a key. */
    public boolean isHolder(String name, long hash) {
        List<Member> all = holders.holders(hash);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** For logs: the revision and the members' names. */
    @Override
    public String toString() {
        return "topology " + revision + " " + members.stream().map(Member::name).toList();
    }
}
