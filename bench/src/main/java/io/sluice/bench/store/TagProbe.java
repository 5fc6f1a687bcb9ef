package io.sluice.bench.store;

import io.sluice.cluster.KeyHash;
import io.sluice.coherence.SourcePosition;
import io.sluice.store.CacheEntry;
import io.sluice.store.KeyTags;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreKey;
import io.sluice.store.StoreSettings;
import io.sluice.store.policy.PolicyKind;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;

/**
 * Fills a store with a million entries in this JVM, a tenth of which carries each of ten tags, and removes the tags one
 * after the other, while another thread removes keys that are not held, for which it needs the same locks. Prints the
 * milliseconds of the median removal of a tag, by the clock and of processor time, the microseconds of a removal of a
 * key meanwhile (median, p99.9, longest), and the heap of an entry over its key and value.
 */
final class TagProbe {
    static final int ENTRIES = 1_000_000;
    static final int TAGS = 10;
    private static final long FIRST_TAG = '0';
    private static final String GROUP = "bench";
    private static final int COLLECTIONS = 5;
    private static final SourcePosition LOADED = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-1000");
    private static final SourcePosition CHANGED = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-1001");

    /** The tag of a key is its last digit. */
    private static final KeyTags LAST_DIGIT = new KeyTags() {
        @Override
        public int most() {
            return 1;
        }

        @Override
        public long[] of(byte[] utf8) {
            return new long[] {utf8[utf8.length - 1]};
        }
    };

    private TagProbe() {}

    public static void main(String[] args) throws InterruptedException {
        Payload payload = new Payload(ENTRIES);
        long before = usedHeap();
        SegmentedStore store = filled(payload);
        double overhead = (double) (usedHeap() - before) / ENTRIES - Payload.KEY_BYTES - Payload.VALUE_BYTES;
        Histogram others = new Histogram(Duration.ofSeconds(10).toNanos(), 3);
        AtomicBoolean done = new AtomicBoolean();
        Thread other = new Thread(() -> removeKeys(store, payload, others, done), "bench-other");
        other.start();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] millis = new double[TAGS];
        double[] cpuMillis = new double[TAGS];
        for (int tag = 0; tag < TAGS; tag++) {
            long begin = System.nanoTime();
            long cpu = threads.getCurrentThreadCpuTime();
            store.removeTag(FIRST_TAG + tag, CHANGED);
            millis[tag] = (System.nanoTime() - begin) / 1e6;
            cpuMillis[tag] = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
        }
        done.set(true);
        other.join();
        if (store.stats().removed() != ENTRIES) {
            throw new IllegalStateException("other entries went than carried the tags");
        }
        System.out.println(
                Medians.of(millis) + " " + Medians.of(cpuMillis) + " " + others.getValueAtPercentile(50) / 1e3 + " "
                        + others.getValueAtPercentile(99.9) / 1e3 + " " + others.getMaxValue() / 1e3 + " " + overhead);
    }

    private static SegmentedStore filled(Payload payload) {
        int entryBytes = SegmentedStore.entryOverheadBytes(PolicyKind.DEFAULT, LAST_DIGIT)
                + Payload.KEY_BYTES
                + Payload.VALUE_BYTES;
        SegmentedStore store = SegmentedStore.ofCapacity(
                (long) ENTRIES * entryBytes * 5 / 4,
                StoreSettings.DEFAULTS,
                KeyHash.ofGroup(GROUP)::hash,
                LAST_DIGIT,
                System::nanoTime);
        long now = System.nanoTime();
        long expires = now + Duration.ofHours(1).toNanos();
        for (int number = 0; number < ENTRIES; number++) {
            store.put(key(payload, number), CacheEntry.found(payload.value(number), LOADED, now, expires));
        }
        if (store.stats().entries() != ENTRIES) {
            throw new IllegalStateException("the store does not hold all that was put");
        }
        return store;
    }

    private static StoreKey key(Payload payload, int number) {
        byte[] utf8 = payload.keyBytes(number);
        return new StoreKey(utf8, KeyHash.of(GROUP, utf8));
    }

    private static void removeKeys(SegmentedStore store, Payload payload, Histogram times, AtomicBoolean done) {
        for (int number = ENTRIES; !done.get(); number++) {
            StoreKey key = key(payload, number);
            long begin = System.nanoTime();
            store.remove(key, CHANGED);
            times.recordValue(Math.min(times.getHighestTrackableValue(), System.nanoTime() - begin));
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
