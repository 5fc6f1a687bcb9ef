package io.sluice.bench.store;

import io.sluice.store.policy.PolicyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures the heap per entry of every contestant, with and without compact object headers, each in a JVM of its own.
 * Used by one thread.
 */
public final class HeapBench {
    private static final int ENTRIES = 1_000_000;

    private final boolean walkGraph;

    /** @param walkGraph whether JOL adds up the objects as well, which takes several times as long */
    public HeapBench(boolean walkGraph) {
        this.walkGraph = walkGraph;
    }

    /** Hands out each result as soon as it is there. */
    public void run(Consumer<HeapResult> results) {
        for (boolean compactHeaders : new boolean[] {true, false}) {
            for (String contestant : contestants()) {
                results.accept(measure(contestant, compactHeaders));
            }
        }
    }

    private static List<String> contestants() {
        List<String> all = new ArrayList<>();
        for (PolicyKind policy : PolicyKind.values()) {
            all.add(HeapProbe.SLUICE_PREFIX + policy);
        }
        all.add(HeapProbe.MAP);
        all.add(HeapProbe.CAFFEINE);
        all.add(HeapProbe.CAFFEINE_WEIGHED);
        return all;
    }

    private HeapResult measure(String contestant, boolean compactHeaders) {
        // The serial collector has no regions whose unused ends would count. JOL's option lets it look into records.
        List<String> flags = List.of(
                "-XX:+UseSerialGC",
                "-Xmx4g",
                "-XX:" + (compactHeaders ? "+" : "-") + "UseCompactObjectHeaders",
                "-Djol.magicFieldOffset=true",
                "--sun-misc-unsafe-memory-access=allow");
        double[] bytesPerEntry = ChildJvm.numbers(
                HeapProbe.class, flags, List.of(contestant, Integer.toString(ENTRIES), Boolean.toString(walkGraph)));
        int payload = Payload.KEY_BYTES + Payload.VALUE_BYTES;
        return new HeapResult(
                contestant,
                compactHeaders,
                ENTRIES,
                payload,
                rounded(bytesPerEntry[0] - payload),
                walkGraph ? rounded(bytesPerEntry[1] - payload) : null);
    }

    private static double rounded(double bytes) {
        return Math.round(bytes * 10) / 10.0;
    }
}
