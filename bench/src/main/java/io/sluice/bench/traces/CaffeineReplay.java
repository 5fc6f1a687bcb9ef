package io.sluice.bench.traces;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Caffeine with a maximum size, its upkeep in the calling thread and done after each request. Its hits still vary by a
 * few from run to run: it admits some candidates at random.
 */
public record CaffeineReplay() implements Replay {
    @Override
    public String name() {
        return "caffeine";
    }

    @Override
    public long hits(Trace trace, int size) {
        Cache<Long, Boolean> cache = Caffeine.newBuilder()
                .maximumSize(size)
                .initialCapacity(size)
                .executor(Runnable::run)
                .build();
        long hits = 0;
        for (int i = 0; i < trace.length(); i++) {
            long key = Trace.hash(trace.key(i));
            if (cache.getIfPresent(key) != null) {
                hits++;
            } else {
                cache.put(key, true);
            }
            cache.cleanUp();
        }
        return hits;
    }
}
