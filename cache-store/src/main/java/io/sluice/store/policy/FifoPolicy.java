package io.sluice.store.policy;

import org.jspecify.annotations.Nullable;

/** The entry held for longest goes first, used or not; a new value keeps the place of its key. Not thread-safe. */
final class FifoPolicy implements EvictionPolicy {
    private final RankedList entries = new RankedList();

    @Override
    public void missed(long hash, int weight) {}

    @Override
    public @Nullable Ranked evict() {
        return entries.removeOldest();
    }

    @Override
    public @Nullable Ranked coldest() {
        return entries.oldest();
    }

    @Override
    public void added(Ranked entry) {
        entries.addNewest(entry);
    }

    @Override
    public void accessed(Ranked entry) {}

    @Override
    public void replaced(Ranked held, Ranked successor) {
        entries.replace(held, successor);
    }

    @Override
    public void removed(Ranked entry) {
        entries.remove(entry);
    }

    @Override
    public void resize(long capacity) {}

    @Override
    public int audit() {
        return entries.audit("FIFO queue", 0, 0);
    }
}
