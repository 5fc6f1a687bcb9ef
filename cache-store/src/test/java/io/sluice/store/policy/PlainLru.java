package io.sluice.store.policy;

import java.util.LinkedHashSet;
import java.util.Set;

/** LRU and, when a use does not count, FIFO. */
final class PlainLru implements PlainModel {
    private final LinkedHashSet<Long> eldestFirst = new LinkedHashSet<>();
    private final int capacity;
    private final boolean usesCount;

    PlainLru(int capacity, boolean usesCount) {
        this.capacity = capacity;
        this.usesCount = usesCount;
    }

    @Override
    public boolean request(long key) {
        if (eldestFirst.contains(key)) {
            if (usesCount) {
                eldestFirst.remove(key);
                eldestFirst.add(key);
            }
            return true;
        }
        if (eldestFirst.size() == capacity) {
            eldestFirst.removeFirst();
        }
        eldestFirst.add(key);
        return false;
    }

    @Override
    public Set<Long> held() {
        return eldestFirst;
    }
}
