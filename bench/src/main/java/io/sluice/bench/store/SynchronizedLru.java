package io.sluice.bench.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one writes without a library: a {@code LinkedHashMap} in order of access under one lock. */
final class SynchronizedLru implements Contestant {
    private final Payload payload;
    private final Map<String, byte[]> entries;
    private final String[] putKeys;
    private final String[] getKeys;
    private final byte[][] values;

    SynchronizedLru(Payload payload, int maxEntries) {
        this.payload = payload;
        this.entries = new Bounded(maxEntries);
        this.putKeys = payload.texts();
        this.getKeys = payload.texts();
        this.values = payload.values();
    }

    @Override
    public synchronized @Nullable Object get(int key) {
        return entries.get(getKeys[key]);
    }

    @Override
    public synchronized void put(int key) {
        entries.put(putKeys[key], values[key]);
    }

    @Override
    public void load(int key) {
        String asked = payload.key(key);
        byte[] value = values[key].clone();
        synchronized (this) {
            entries.put(asked, value);
        }
    }

    @Override
    public synchronized long entries() {
        return entries.size();
    }

    private static final class Bounded extends LinkedHashMap<String, byte[]> {
        private static final long serialVersionUID = 1L;

        private final int maxEntries;

        Bounded(int maxEntries) {
            super(16, 0.75f, true);
            this.maxEntries = maxEntries;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > maxEntries;
        }
    }
}
