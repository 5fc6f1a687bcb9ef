package io.sluice.bench.ring;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Ring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys of a ring of equal members, counted: how many each owns, and how many get another owner when one more member
 * joins or one leaves. Immutable and thread-safe.
 *
 * @param keysOfEach how many keys each member owns, {@code node-1} first
 * @param movedOnJoin how many keys get another owner when one more member joins
 * @param movedOnLeave the same when the member leaves that owns most, so no leave moves more
 */
public record RingSpread(List<Integer> keysOfEach, int movedOnJoin, int movedOnLeave) {
    /** How many keys are counted. */
    public static final int KEYS = 1_000_000;

    /** More members than this are refused: their ring would only be slow to build. */
    public static final int MAX_NODES = 1_000;

    private static final String GROUP = "simulated";

    public RingSpread {
        keysOfEach = List.copyOf(keysOfEach);
    }

    /** Counts the keys of a ring of so many nodes. */
    public static RingSpread of(int nodes) {
        if (nodes < 1 || nodes > MAX_NODES) {
            throw new IllegalArgumentException(nodes + " nodes to simulate: give 1 to " + MAX_NODES);
        }
        long[] hashes = IntStream.range(0, KEYS)
                .mapToLong(key -> KeyHash.of(GROUP, Integer.toString(key)))
                .toArray();
        int[] owners = owners(hashes, members(nodes));
        int[] counts = new int[nodes];
        for (int owner : owners) {
            counts[owner - 1]++;
        }
        List<Integer> keysOfEach = Arrays.stream(counts).boxed().toList();
        int fullest = keysOfEach.indexOf(Collections.max(keysOfEach));
        List<Member> rest = new ArrayList<>(members(nodes));
        rest.remove(fullest);
        return new RingSpread(
                keysOfEach, moved(owners, owners(hashes, members(nodes + 1))), moved(owners, owners(hashes, rest)));
    }

    public int nodes() {
        return keysOfEach.size();
    }

    /** The keys of the fullest member, as a multiple of the mean. */
    public double maxOverMean() {
        return (double) Collections.max(keysOfEach) * nodes() / KEYS;
    }

    /** The keys of the emptiest member, as a multiple of the mean. */
    public double minOverMean() {
        return (double) Collections.min(keysOfEach) * nodes() / KEYS;
    }

    /** The port stands for the member: its number, counted from 1. */
    private static List<Member> members(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> Member.of("node-" + number, "127.0.0.1", number))
                .toList();
    }

    /** The number of each key's owner; 0 for none. */
    private static int[] owners(long[] hashes, List<Member> members) {
        Ring ring = Ring.of(members, Ring.DEFAULT_VIRTUAL_NODES);
        return Arrays.stream(hashes)
                .mapToInt(hash -> {
                    Member owner = ring.owner(hash);
                    return owner == null ? 0 : owner.port();
                })
                .toArray();
    }

    private static int moved(int[] before, int[] after) {
        return (int) IntStream.range(0, KEYS)
                .filter(key -> before[key] != after[key])
                .count();
    }
}
