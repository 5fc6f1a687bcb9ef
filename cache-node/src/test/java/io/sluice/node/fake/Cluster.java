package io.sluice.node.fake;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.RingRecord;
import io.sluice.cluster.RingState;
import io.sluice.cluster.Topology;
import io.sluice.cluster.TopologyDocument;
import io.sluice.coherence.SourcePosition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Topologies of nodes that nobody can connect to, and keys that have the holders a test wants. Stateless. */
public final class Cluster {
    private Cluster() {}

    /** Members of these names, two holders to a key. */
    public static Topology of(long revision, String... names) {
        return of(revision, 2, names);
    }

    public static Topology of(long revision, int holders, String... names) {
        return Topology.of(revision, members(names), holders);
    }

    /** The topology of a document with these rings, the oldest first. */
    public static Topology of(long revision, int holders, RingRecord... rings) {
        return Topology.of(revision, new TopologyDocument(rings[rings.length - 1].id(), List.of(rings)), holders);
    }

    /** A ring without floors. */
    public static RingRecord ring(long id, RingState state, String... names) {
        return ring(id, state, Map.of(), members(names));
    }

    public static RingRecord ring(long id, RingState state, Map<String, SourcePosition> floors, List<Member> members) {
        return new RingRecord(id, state, members, floors, "");
    }

    public static List<Member> members(String... names) {
        return Arrays.stream(names).map(name -> Member.of(name, "127.0.0.1", 1)).toList();
    }

    /** A key that exactly these hold, in this order. */
    public static String keyHeldBy(Topology topology, String group, String... holders) {
        return keysHeldBy(topology, group, 1, holders).getFirst();
    }

    public static List<String> keysHeldBy(Topology topology, String group, int count, String... holders) {
        return IntStream.range(0, 100_000)
                .mapToObj(Integer::toString)
                .filter(key -> names(topology, group, key).equals(List.of(holders)))
                .limit(count)
                .toList();
    }

    /** A key that these hold in the one topology and those in the other. */
    public static String keyThatMoves(
            Topology before, List<String> holdersBefore, Topology after, List<String> holdersAfter, String group) {
        return IntStream.range(0, 100_000)
                .mapToObj(Integer::toString)
                .filter(key -> names(before, group, key).equals(holdersBefore)
                        && names(after, group, key).equals(holdersAfter))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(Topology topology, String group, String key) {
        return topology.holders(KeyHash.of(group, key)).stream()
                .map(Member::name)
                .toList();
    }
}
