package io.sluice.cli.audit;

import static java.util.Objects.requireNonNull;

import io.sluice.cluster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which nodes are asked: the members, and for {@link #AFTERWARDS} those that were members. A node that was forgotten,
 * since its lease had ended, may run on and answer; and nobody tells it of changes any more.
 *
 * <p>By address, which is one process at a time: of a member with several lives, the later one. Safe for use by many
 * threads; remembers {@value #MOST_DEPARTED} that have left.
 */
final class AskedNodes {
    static final Duration AFTERWARDS = Duration.ofMinutes(5);
    static final int MOST_DEPARTED = 32;

    private final LongSupplier nanoClock;
    private final Map<String, Seen> byAddress = new HashMap<>();

    private record Seen(String name, long nanos) {}

    /**
     * One to ask.
     *
     * @param name its member's; with its address where another member has the name now
     * @param member the name that it calls itself by
     */
    record Node(String name, String member, String address, boolean departed) {}

    AskedNodes(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Those to ask now, by name; has to be called while a node is a member for it to be known afterwards. */
    synchronized List<Node> now(Collection<Member> members) {
        long now = nanoClock.getAsLong();
        Map<String, Member> byName = new HashMap<>();
        members.forEach(member -> byName.merge(
                member.name(), member, (one, other) -> one.incarnation() > other.incarnation() ? one : other));
        List<Node> nodes = new ArrayList<>();
        Set<String> present = new HashSet<>();
        byName.values().forEach(member -> {
            present.add(member.address());
            byAddress.put(member.address(), new Seen(member.name(), now));
            nodes.add(new Node(member.name(), member.name(), member.address(), false));
        });
        forget(present, now);
        byAddress.forEach((address, seen) -> {
            if (!present.contains(address)) {
                String name = byName.containsKey(seen.name()) ? seen.name() + "@" + address : seen.name();
                nodes.add(new Node(name, seen.name(), address, true));
            }
        });
        nodes.sort(Comparator.comparing(Node::name));
        return nodes;
    }

    private void forget(Set<String> present, long now) {
        byAddress.values().removeIf(seen -> now - seen.nanos() > AFTERWARDS.toNanos());
        List<String> departed = new ArrayList<>(byAddress.keySet());
        departed.removeAll(present);
        departed.sort(Comparator.comparingLong(
                address -> now - requireNonNull(byAddress.get(address)).nanos()));
        departed.stream().skip(MOST_DEPARTED).forEach(byAddress::remove);
    }
}
