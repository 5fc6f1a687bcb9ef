package io.sluice.bench.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Caffeine holding {@code String} to {@code byte[]}, as an application would use it: upkeep in the common pool. */
final class CaffeineContestant implements Contestant {
    private static final Duration TTL = Duration.ofMinutes(10);

    private final Payload payload;
    private final Cache<String, byte[]> cache;
    private final String[] putKeys;
    private final String[] getKeys;
    private final byte[][] values;

    private CaffeineContestant(Payload payload, Cache<String, byte[]> cache) {
        this.payload = payload;
        this.cache = cache;
        this.putKeys = payload.texts();
        this.getKeys = payload.texts();
        this.values = payload.values();
    }

    /** Bounded by the number of entries, nothing else. */
    static CaffeineContestant plain(Payload payload, int maxEntries) {
        return new CaffeineContestant(
                payload, Caffeine.newBuilder().maximumSize(maxEntries).build());
    }

    /** With expiry since write and with statistics, which Sluice always has. */
    static CaffeineContestant withExpiryAndStatistics(Payload payload, int maxEntries) {
        return new CaffeineContestant(
                payload,
                Caffeine.newBuilder()
                        .maximumSize(maxEntries)
                        .expireAfterWrite(TTL)
                        .recordStats()
                        .build());
    }

    /** A full cache that nothing else refers to, for the measurement of its memory. */
    static Object filledPlain(Payload payload) {
        return filled(payload, Caffeine.newBuilder().maximumSize(payload.keys()).build());
    }

    /** The same bounded in bytes and with expiry, as Sluice is. */
    static Object filledWithWeigherAndExpiry(Payload payload) {
        return filled(
                payload,
                Caffeine.newBuilder()
                        .maximumWeight(1L << 40)
                        .weigher((String key, byte[] value) -> key.length() + value.length)
                        .expireAfterWrite(TTL)
                        .build());
    }

    private static Object filled(Payload payload, Cache<String, byte[]> cache) {
        for (int number = 0; number < payload.keys(); number++) {
            cache.put(payload.key(number), payload.value(number));
        }
        cache.cleanUp();
        if (cache.estimatedSize() != payload.keys()) {
            throw new IllegalStateException("the cache does not hold all that was put");
        }
        return cache;
    }

    @Override
    public @Nullable Object get(int key) {
        return cache.getIfPresent(getKeys[key]);
    }

    @Override
    public void put(int key) {
        cache.put(putKeys[key], values[key]);
    }

    @Override
    public void load(int key) {
        cache.put(payload.key(key), values[key].clone());
    }

    @Override
    public long entries() {
        cache.cleanUp();
        return cache.estimatedSize();
    }
}
