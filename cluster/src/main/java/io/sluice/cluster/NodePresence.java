package io.sluice.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which lives of nodes etcd shows, and since when it has not shown the others.
 *
 * <p>Thread-safe: {@link #look} runs on the loop, the questions are asked from anywhere. A life whose key was missing
 * once never comes back, because a new key has a new incarnation; so losing sight of etcd does not stop the count.
 */
final class NodePresence {
    private final KeyMirror mirror;
    private final Loop loop;
    private final Duration departure;
    private final Map<Life, Long> missingSince = new ConcurrentHashMap<>();
    private volatile Shown shown = new Shown(0, Map.of());

    NodePresence(KeyMirror mirror, Loop loop, Duration departure) {
        this.mirror = mirror;
        this.loop = loop;
        this.departure = departure;
    }

    /** The nodes' keys or the topology have changed. */
    void look(Topology topology) {
        Map<String, Long> incarnations = new HashMap<>();
        for (EtcdStore.StoredKey stored : mirror.under(ClusterKeys.MEMBERS)) {
            incarnations.put(stored.key().substring(ClusterKeys.MEMBERS.length()), stored.createRevision());
        }
        shown = new Shown(mirror.revision(), Map.copyOf(incarnations));
        Set<Life> members = topology.members().stream().map(Life::of).collect(Collectors.toSet());
        missingSince.keySet().retainAll(members);
        long now = loop.nanoTime();
        members.stream().filter(life -> isMissing(life)).forEach(life -> missingSince.putIfAbsent(life, now));
    }

    boolean isPresent(Member node) {
        Long incarnation = shown.incarnations.get(node.name());
        return incarnation != null && incarnation == node.incarnation();
    }

    boolean isGone(Member node) {
        Long since = missingSince.get(Life.of(node));
        return since != null && loop.nanoTime() - since > departure.toNanos();
    }

    /** What was created after the last thing that is known here is not missing, it is unknown. */
    private boolean isMissing(Life life) {
        Shown now = shown;
        Long incarnation = now.incarnations.get(life.name);
        return life.incarnation <= now.revision && (incarnation == null || incarnation != life.incarnation);
    }

    private record Shown(long revision, Map<String, Long> incarnations) {}

    private record Life(String name, long incarnation) {
        static Life of(Member member) {
            return new Life(member.name(), member.incarnation());
        }
    }
}
