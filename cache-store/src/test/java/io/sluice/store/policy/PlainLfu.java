package io.sluice.store.policy;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** LFU with dynamic ageing: key value = age of the cache when last used + uses; the least goes, then the eldest use. */
final class PlainLfu implements PlainModel {
    private record Rank(long value, long usedAt, int uses) {}

    private final Map<Long, Rank> ranks = new HashMap<>();
    private final int capacity;
    private long age;
    private long now;

    PlainLfu(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public boolean request(long key) {
        now++;
        Rank rank = ranks.get(key);
        if (rank == null && ranks.size() == capacity) {
            var victim = ranks.entrySet().stream()
                    .min(Map.Entry.comparingByValue(
                            Comparator.comparingLong(Rank::value).thenComparingLong(Rank::usedAt)))
                    .orElseThrow();
            age = victim.getValue().value;
            ranks.remove(victim.getKey());
        }
        int uses = rank == null ? 1 : Math.min(63, rank.uses + 1);
        ranks.put(key, new Rank(age + uses, now, uses));
        return rank != null;
    }

    @Override
    public Set<Long> held() {
        return ranks.keySet();
    }
}
