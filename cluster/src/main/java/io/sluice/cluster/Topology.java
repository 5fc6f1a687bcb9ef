package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who the members are, who is asked for which key, who may hold it and who must forget it, at one revision of the
 * topology document.
 *
 * <p>Immutable, swapped whole, safe for any thread. Everybody asks the topology and nobody a ring: during a change
 * there are several rings, and each question below says which of them it takes into account. No question about a key
 * allocates. A fixed list of members is one active ring.
 */
public final class Topology {
    /** Owner and one replica. */
    public static final int DEFAULT_REPLICATION_FACTOR = 2;

    /** Greatest replication factor. */
    public static final int MAX_REPLICATION_FACTOR = 16;

    private final long revision;
    private final int replicationFactor;
    /** In the order of the document, the oldest first. */
    private final List<PlacedRing> rings;

    private final List<RingRecord> records;
    private final List<PlacedRing> holding;
    private final List<Member> members;
    private final Map<String, Member> byName;
    private final @Nullable RingRecord active;
    private final HolderTable routed;
    private final HolderTable previous;
    private final HolderTable removal;

    private Topology(long revision, int replicationFactor, List<PlacedRing> rings) {
        if (replicationFactor < 1 || replicationFactor > MAX_REPLICATION_FACTOR) {
            throw new IllegalArgumentException(
                    "the replication factor is " + replicationFactor + ": give 1 to " + MAX_REPLICATION_FACTOR);
        }
        this.revision = revision;
        this.replicationFactor = replicationFactor;
        this.rings = rings;
        this.records = rings.stream().map(PlacedRing::record).toList();
        List<PlacedRing> now = in(rings, RingState.ACTIVE);
        List<PlacedRing> draining = new ArrayList<>(in(rings, RingState.DRAINING));
        Collections.reverse(draining);
        this.active = now.isEmpty() ? null : now.get(0).record();
        this.holding = List.copyOf(concat(now, draining));
        this.routed = HolderTable.union(tables(now));
        this.previous = HolderTable.union(tables(draining));
        this.removal = HolderTable.union(tables(concat(now, rings)));
        Set<Member> union = new LinkedHashSet<>();
        Map<String, Member> names = new HashMap<>();
        List<PlacedRing> newestFirst = new ArrayList<>(rings);
        Collections.reverse(newestFirst);
        for (PlacedRing ring : concat(now, newestFirst)) {
            for (Member member : ring.record().members()) {
                union.add(member);
                names.putIfAbsent(member.name(), member);
            }
        }
        this.byName = Map.copyOf(names);
        this.members = union.stream()
                .sorted(Comparator.comparing(Member::name).thenComparingLong(Member::incarnation))
                .toList();
    }

    /** One active ring of members with distinct names, with the default number of virtual nodes: a fixed list. */
    public static Topology of(long revision, Collection<Member> members, int replicationFactor) {
        return of(revision, Ring.of(members, Ring.DEFAULT_VIRTUAL_NODES), members, replicationFactor);
    }

    /** A topology on a given ring of the same members, for tests that choose the places. */
    static Topology of(long revision, Ring ring, Collection<Member> members, int replicationFactor) {
        RingRecord record = new RingRecord(
                1, RingState.ACTIVE, List.copyOf(requireNonNull(members, "members is null")), Map.of(), "");
        return new Topology(
                revision, replicationFactor, List.of(new PlacedRing(record, HolderTable.of(ring, replicationFactor))));
    }

    /** Before there is a document: no ring, no member. */
    static Topology none(int replicationFactor) {
        return new Topology(0, replicationFactor, List.of());
    }

    /** What a document says. */
    public static Topology of(long revision, TopologyDocument document, int replicationFactor) {
        return of(revision, document, replicationFactor, Ring.DEFAULT_VIRTUAL_NODES, null);
    }

    /** The same, with the work that an earlier topology has already done for rings of the same members. */
    static Topology of(
            long revision,
            TopologyDocument document,
            int replicationFactor,
            int virtualNodes,
            @Nullable Topology earlier) {
        Map<List<Member>, HolderTable> placed = new HashMap<>();
        if (earlier != null && earlier.replicationFactor == replicationFactor) {
            earlier.rings.forEach(ring -> placed.put(ring.record().members(), ring.holders()));
        }
        List<PlacedRing> rings = new ArrayList<>();
        for (RingRecord record : document.rings()) {
            HolderTable table = placed.computeIfAbsent(
                    record.members(), members -> HolderTable.of(Ring.of(members, virtualNodes), replicationFactor));
            rings.add(new PlacedRing(record, table));
        }
        return new Topology(revision, replicationFactor, List.copyOf(rings));
    }

    /** The etcd revision of the document; comparable between processes that watch the same etcd. */
    public long revision() {
        return revision;
    }

    /** Every member of any ring, by name; a name with two lives in different rings is listed with both. */
    public List<Member> members() {
        return members;
    }

    /** The member with a name, in the active ring before others, in a newer ring before an older; or null. */
    public @Nullable Member member(String name) {
        return byName.get(name);
    }

    /** The rings of the document, the oldest first. */
    public List<RingRecord> rings() {
        return records;
    }

    /** The ring that everybody routes by; null until the first one is active. */
    public @Nullable RingRecord activeRing() {
        return active;
    }

    /** How many holders a key has in each ring where there are enough members. */
    public int replicationFactor() {
        return replicationFactor;
    }

    /** Routing, by the active ring: the member to ask for a key first; null when there is none. */
    public @Nullable Member owner(long hash) {
        List<Member> all = routed.holders(hash);
        return all.isEmpty() ? null : all.get(0);
    }

    /** Routing, by the active ring: owner and replicas of a key, the owner first; empty when there are none. */
    public List<Member> holders(long hash) {
        return routed.holders(hash);
    }

    /** Whether the member with a name, whichever life of it, is a holder of a key in the active ring. */
    public boolean isHolder(String name, long hash) {
        List<Member> all = routed.holders(hash);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether this life of a member may keep a key and answer it from memory: a holder in the active or a draining
     * ring.
     */
    public boolean mayHold(String name, long incarnation, long hash) {
        for (int i = 0; i < holding.size(); i++) {
            if (holding.get(i).holds(name, incarnation, hash)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Who may still have a key from before the last changes: its holders in the draining rings, the newest ring first,
     * its owner first. Some may be holders in the active ring as well. Empty when nothing drains.
     */
    public List<Member> previousHolders(long hash) {
        return previous.holders(hash);
    }

    /**
     * Who must have acknowledged a Remove of a key before it is done: its holders in all rings, those of the active
     * first.
     */
    public List<Member> removalHolders(long hash) {
        return removal.holders(hash);
    }

    /** For logs: the revision and the rings. */
    @Override
    public String toString() {
        return "topology " + revision + " " + records;
    }

    private static List<PlacedRing> in(List<PlacedRing> rings, RingState state) {
        return rings.stream().filter(ring -> ring.record().state() == state).toList();
    }

    private static List<HolderTable> tables(List<PlacedRing> rings) {
        return rings.stream().map(PlacedRing::holders).distinct().toList();
    }

    private static List<PlacedRing> concat(List<PlacedRing> first, List<PlacedRing> second) {
        List<PlacedRing> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
