package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys that were asked for, one after the other. Keys are numbered from 0 in order of first request, so a replay
 * can keep what it knows of them in arrays. Immutable as long as nobody changes the array, which is not copied out.
 */
public final class Trace {
    private final String name;
    private final int[] requests;
    private final int keys;

    private Trace(String name, int[] requests, int keys) {
        this.name = requireNonNull(name, "name is null");
        this.requests = requests;
        this.keys = keys;
    }

    /** The requests for these blocks in this order. */
    public static Trace of(String name, long... blocks) {
        Map<Long, Integer> numbers = new HashMap<>();
        int[] requests = Arrays.stream(blocks)
                .mapToInt(block -> numbers.computeIfAbsent(block, unseen -> numbers.size()))
                .toArray();
        return new Trace(name, requests, numbers.size());
    }

    /** The name of the file it came from. */
    public String name() {
        return name;
    }

    /** How many requests there are. */
    public int length() {
        return requests.length;
    }

    /** The key of a request. */
    int key(int request) {
        return requests[request];
    }

    /** How many different keys there are. */
    public int keys() {
        return keys;
    }

    /** A hash of the key as a cache node would have it: no two keys of a trace have the same. */
    static long hash(int key) {
        long mixed = (key + 1) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }
}
