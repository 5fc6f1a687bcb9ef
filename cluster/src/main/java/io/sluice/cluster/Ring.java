package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing: each member stands at many places of a circle of 64-bit numbers, and a key belongs to the first
 * member at or after the key's hash, in signed order, wrapping around.
 *
 * <p>A member stands at {@code virtualNodes x weight} places that depend on its name alone. Hence equal members give
 * equal rings everywhere, whatever their order, and when a member comes or goes only the keys that it gets or had move:
 * about its share of them.
 *
 * <p>Immutable and thread-safe. {@link #owner} is a binary search in one array and allocates nothing.
 */
public final class Ring {
    /**
     * Places of a member of weight 1. The load of the fullest of n equal members is about 1 + 1.5/sqrt(virtualNodes)
     * times the mean for n = 10; {@code RingDistributionTest} holds it to 1.10.
     */
    public static final int DEFAULT_VIRTUAL_NODES = 1024;

    private static final int MAX_PLACES = 1 << 24;

    private final long[] places;
    private final Member[] memberAt;
    private final int memberCount;
    private final int zoneCount;

    private Ring(long[] places, Member[] memberAt, int memberCount, int zoneCount) {
        this.places = places;
        this.memberAt = memberAt;
        this.memberCount = memberCount;
        this.zoneCount = zoneCount;
    }

    /** A ring of members with distinct names, at the places that {@link PointHash#XXH3} gives. */
    public static Ring of(Collection<Member> members, int virtualNodes) {
        return of(members, virtualNodes, PointHash.XXH3);
    }

    /** The same with another hash function. */
    public static Ring of(Collection<Member> members, int virtualNodes, PointHash hash) {
        requireNonNull(hash, "hash is null");
        if (virtualNodes < 1) {
            throw new IllegalArgumentException("virtualNodes is " + virtualNodes + ": give at least 1");
        }
        Set<String> names = new HashSet<>();
        Set<String> zones = new HashSet<>();
        long count = 0;
        for (Member member : members) {
            if (!names.add(member.name())) {
                throw new IllegalArgumentException("two members have the name " + member.name());
            }
            zones.add(zoneOf(member));
            count += (long) virtualNodes * member.weight();
        }
        if (count > MAX_PLACES) {
            throw new IllegalArgumentException(
                    "the ring would have " + count + " places: lower the weights or the number of virtual nodes");
        }
        List<Place> sorted = new ArrayList<>((int) count);
        for (Member member : members) {
            for (int i = 0; i < virtualNodes * member.weight(); i++) {
                sorted.add(new Place(hash.place(member.name(), i), member));
            }
        }
        // Two members at one place: the lesser name comes first, everywhere.
        sorted.sort(Comparator.comparingLong(Place::hash)
                .thenComparing(place -> place.member().name()));
        long[] places = sorted.stream().mapToLong(Place::hash).toArray();
        Member[] memberAt = sorted.stream().map(Place::member).toArray(Member[]::new);
        return new Ring(places, memberAt, names.size(), zones.size());
    }

    /** The owner of a hash, or null on a ring without members. */
    public @Nullable Member owner(long hash) {
        return places.length == 0 ? null : memberAt[placeOf(hash)];
    }

    /**
     * The owner, then the replicas: distinct members, at most {@code count} of them, fewer when the ring has fewer.
     * Clockwise order, but members of zones not yet among the holders come before others; members without a zone count
     * as each in a zone of its own.
     */
    public List<Member> holders(long hash, int count) {
        return places.length == 0 ? List.of() : holdersAt(placeOf(hash), count);
    }

    /** How many places the ring has. */
    int size() {
        return places.length;
    }

    /** Where members stand, ascending, each place once. */
    long[] distinctPlaces() {
        return Arrays.stream(places).distinct().toArray();
    }

    /** Index of the first place at or after a hash. The ring must not be empty. */
    int placeOf(long hash) {
        int found = Arrays.binarySearch(places, hash);
        if (found < 0) {
            int after = -(found + 1);
            return after == places.length ? 0 : after;
        }
        while (found > 0 && places[found - 1] == hash) {
            found--;
        }
        return found;
    }

    /** Holders of the keys whose owner's place is {@code place}. */
    List<Member> holdersAt(int place, int count) {
        int wanted = Math.min(count, memberCount);
        List<Member> chosen = new ArrayList<>(wanted);
        List<Member> sameZone = new ArrayList<>();
        Set<String> zones = new HashSet<>();
        for (int i = 0; i < places.length && chosen.size() < wanted; i++) {
            Member member = memberAt[(place + i) % places.length];
            if (chosen.contains(member) || sameZone.contains(member)) {
                continue;
            }
            if (zones.add(zoneOf(member))) {
                chosen.add(member);
            } else {
                sameZone.add(member);
            }
            if (zones.size() == zoneCount && chosen.size() + sameZone.size() >= wanted) {
                break;
            }
        }
        for (int i = 0; chosen.size() < wanted; i++) {
            chosen.add(sameZone.get(i));
        }
        return List.copyOf(chosen);
    }

    /** A zone name is prefixed, so that it never equals the stand-in of a member without one. */
    private static String zoneOf(Member member) {
        return member.zone().isEmpty() ? "member " + member.name() : "zone " + member.zone();
    }

    private record Place(long hash, Member member) {}
}
