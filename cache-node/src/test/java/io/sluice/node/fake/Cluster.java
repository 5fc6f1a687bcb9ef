package io.sluice.node.fake;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Topologies of nodes that nobody can connect to, and keys that have the holders a test wants. Stateless. */
public final class Cluster {
    private Cluster() {}

    /** Members of these names, two holders to a key. */
    public static Topology of(long revision, String... names) {
        return of(revision, 2, names);
    }

    public static Topology of(long revision, int holders, String... names) {
        List<Member> members = Arrays.stream(names)
                .map(name -> Member.of(name, "127.0.0.1", 1))
                .toList();
        return Topology.of(revision, members, holders);
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

    private static List<String> names(Topology topology, String group, String key) {
        return topology.holders(KeyHash.of(group, key)).stream()
                .map(Member::name)
                .toList();
    }
}
