package io.sluice.bench.store;

import io.sluice.store.policy.PolicyKind;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jol.info.GraphLayout;

/**
 * Measures the memory of one cache in this JVM, which does nothing else: arguments are the contestant, the number of
 * entries, and whether JOL is to add up the objects as well. Prints bytes per entry by used heap and, or else 0, by
 * JOL, and the number of caches, which keeps them all alive until then. Another cache with few entries is there before
 * and all the while, so that what does not grow does not count.
 */
final class HeapProbe {
    static final String MAP = "concurrent-hash-map";
    static final String CAFFEINE = "caffeine";
    static final String CAFFEINE_WEIGHED = "caffeine-weigher-ttl";
    static final String SLUICE_PREFIX = "sluice-";

    private static final int FEW = 1_000;
    private static final int COLLECTIONS = 5;

    private HeapProbe() {}

    public static void main(String[] args) {
        int entries = Integer.parseInt(args[1]);
        Object small = filled(args[0], FEW);
        long before = usedHeap();
        Object cache = filled(args[0], entries);
        double heap = (double) (usedHeap() - before) / entries;
        Object[] held = {small, cache};
        double graph = Boolean.parseBoolean(args[2]) ? graphBytesPerEntry(held, entries) : 0;
        System.out.println(heap + " " + graph + " " + held.length);
    }

    private static Object filled(String contestant, int entries) {
        Payload payload = new Payload(entries);
        return switch (contestant) {
            case MAP -> filledMap(payload);
            case CAFFEINE -> CaffeineContestant.filledPlain(payload);
            case CAFFEINE_WEIGHED -> CaffeineContestant.filledWithWeigherAndExpiry(payload);
            default -> {
                String policy = contestant.substring(SLUICE_PREFIX.length());
                yield SluiceContestant.filled(payload, PolicyKind.named(policy));
            }
        };
    }

    private static Object filledMap(Payload payload) {
        ConcurrentHashMap<String, byte[]> map = new ConcurrentHashMap<>();
        for (int number = 0; number < payload.keys(); number++) {
            map.put(payload.key(number), payload.value(number));
        }
        return map;
    }

    private static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double graphBytesPerEntry(Object[] smallAndLarge, int entries) {
        long few = GraphLayout.parseInstance(smallAndLarge[0]).totalSize();
        long all = GraphLayout.parseInstance(smallAndLarge[1]).totalSize();
        return (double) (all - few) / (entries - FEW);
    }
}
