package io.sluice.store.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The least holder of entries: slots, a bound and a policy, audited after each operation. */
final class PolicyCache {
    /** Slot by key. */
    final Map<Long, Integer> held = new LinkedHashMap<>();

    private final TestRanks ranks = new TestRanks();
    private final EvictionPolicy policy;
    private long capacity;
    private long weight;

    PolicyCache(PolicyKind kind, long capacity) {
        this(ranks -> kind.create(ranks, capacity), capacity);
    }

    PolicyCache(Function<Ranks, EvictionPolicy> policy, long capacity) {
        this.policy = policy.apply(ranks);
        this.capacity = capacity;
    }

    /** Asks for a key and takes it in if it is not there; true on a hit. */
    boolean request(long key, int itsWeight) {
        Integer slot = held.get(key);
        if (slot != null) {
            policy.accessed(slot, key);
            audit();
            return true;
        }
        if (itsWeight <= capacity) {
            policy.missed(key, itsWeight);
            evictDownTo(capacity - itsWeight);
            int added = ranks.add(key, itsWeight);
            policy.added(added);
            held.put(key, added);
            weight += itsWeight;
        }
        audit();
        return false;
    }

    void replace(long key, int itsWeight) {
        Integer slot = held.get(key);
        if (slot != null) {
            int change = itsWeight - ranks.weight(slot);
            if (weight + change <= capacity) {
                ranks.reweigh(slot, itsWeight);
                policy.replaced(slot, key, change);
                weight += change;
            }
        }
        audit();
    }

    void remove(long key) {
        Integer slot = held.remove(key);
        if (slot != null) {
            policy.removed(slot);
            forget(slot);
        }
        audit();
    }

    void resize(long newCapacity) {
        capacity = newCapacity;
        policy.resize(newCapacity);
        evictDownTo(newCapacity);
        audit();
    }

    /** Evicts one; false when there is none. */
    boolean evictOne() {
        int victim = policy.evict();
        if (victim == Ranks.NONE) {
            return false;
        }
        if (!Integer.valueOf(victim).equals(held.remove(ranks.hash(victim)))) {
            throw new IllegalStateException("the victim " + victim + " is not held");
        }
        forget(victim);
        audit();
        return true;
    }

    private void evictDownTo(long bound) {
        while (weight > bound) {
            if (!evictOne()) {
                throw new IllegalStateException("no victim while " + weight + " are held");
            }
        }
    }

    private void forget(int slot) {
        weight -= ranks.weight(slot);
        ranks.remove(slot);
    }

    private void audit() {
        if (policy.audit() != held.size()) {
            throw new IllegalStateException("the policy ranks other entries than are held");
        }
    }
}
