package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One ring as the topology document lists it: which lives of which members, and how far it has come.
 *
 * <p>Immutable. Invariant: the names of the members are distinct; floors stand only in a ring that has been active.
 *
 * @param id greater than that of every earlier ring
 * @param floors by source, what every holder must have merged into its floors before it holds under this ring; empty
 *     until it is active, and where no source has positions
 * @param floorReader the sync instance that is asked to read the floors, as {@code name@incarnation}; "" when none is
 */
public record RingRecord(
        long id, RingState state, List<Member> members, Map<String, SourcePosition> floors, String floorReader) {
    /** Most members of a ring. */
    public static final int MAX_MEMBERS = 1_000;

    public RingRecord {
        requireNonNull(state, "state is null");
        members = List.copyOf(members);
        floors = Map.copyOf(floors);
        requireNonNull(floorReader, "floorReader is null");
        if (id < 1) {
            throw new IllegalArgumentException("a ring has the id " + id + ": ids begin at 1");
        }
        if (members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    "ring " + id + " has " + members.size() + " members; at most " + MAX_MEMBERS + " are allowed");
        }
        Set<String> names = new HashSet<>();
        for (Member member : members) {
            if (!names.add(member.name())) {
                throw new IllegalArgumentException("ring " + id + " has two members named " + member.name());
            }
        }
    }

    /** A ring that nobody knows yet. */
    static RingRecord announced(long id, List<Member> members) {
        return new RingRecord(id, RingState.ANNOUNCED, members, Map.of(), "");
    }

    RingRecord withState(RingState newState) {
        return new RingRecord(id, newState, members, floors, "");
    }

    RingRecord withFloorReader(String newReader) {
        return new RingRecord(id, state, members, floors, newReader);
    }

    RingRecord activated(Map<String, SourcePosition> newFloors) {
        return new RingRecord(id, RingState.ACTIVE, members, newFloors, "");
    }

    /** Whether this life of a member is in the ring. */
    public boolean has(String name, long incarnation) {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.incarnation() == incarnation && member.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** For logs. */
    @Override
    public String toString() {
        return "ring " + id + " " + state + " "
                + members.stream()
                        .map(member -> member.name() + "@" + member.incarnation())
                        .toList();
    }
}
