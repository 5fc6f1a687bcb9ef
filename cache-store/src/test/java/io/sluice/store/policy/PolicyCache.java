package io.sluice.store.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The least holder of entries: a map, a bound and a policy, audited after each operation. */
final class PolicyCache {
    final Map<Long, Item> held = new LinkedHashMap<>();
    final EvictionPolicy policy;
    long capacity;
    private long weight;

    PolicyCache(EvictionPolicy policy, long capacity) {
        this.policy = policy;
        this.capacity = capacity;
    }

    /** Asks for a key and takes it in if it is not there; true on a hit. */
    boolean request(long key, int itsWeight) {
        Item entry = held.get(key);
        if (entry != null) {
            policy.accessed(entry);
            audit();
            return true;
        }
        if (itsWeight <= capacity) {
            policy.missed(key, itsWeight);
            evictDownTo(capacity - itsWeight);
            add(new Item(key, itsWeight));
        }
        audit();
        return false;
    }

    void replace(long key, int itsWeight) {
        Item entry = held.get(key);
        if (entry != null && weight - entry.weight + itsWeight <= capacity) {
            Item successor = new Item(key, itsWeight);
            policy.replaced(entry, successor);
            held.put(key, successor);
            weight += itsWeight - entry.weight;
        }
        audit();
    }

    void remove(long key) {
        Item entry = held.remove(key);
        if (entry != null) {
            policy.removed(entry);
            weight -= entry.weight;
        }
        audit();
    }

    void resize(long newCapacity) {
        capacity = newCapacity;
        policy.resize(newCapacity);
        evictDownTo(newCapacity);
        audit();
    }

    private void add(Item entry) {
        policy.added(entry);
        held.put(entry.key, entry);
        weight += entry.weight;
    }

    private void evictDownTo(long bound) {
        while (weight > bound) {
            @Nullable Ranked victim = policy.evict();
            if (victim == null || held.remove(victim.hash()) != victim) {
                throw new IllegalStateException("the victim " + victim + " is not held");
            }
            weight -= victim.weight;
        }
    }

    private void audit() {
        if (policy.audit() != held.size()) {
            throw new IllegalStateException("the policy ranks other entries than are held");
        }
    }
}
