package io.sluice.store.policy;

/** The entry held for longest goes first, used or not; a new value keeps the place of its key. Not thread-safe. */
final class FifoPolicy implements EvictionPolicy {
    private final RankedList entries;

    FifoPolicy(Ranks ranks) {
        entries = new RankedList(ranks);
    }

    @Override
    public void missed(long hash, int weight) {}

    @Override
    public int evict() {
        return entries.removeOldest();
    }

    @Override
    public int coldest() {
        return entries.oldest();
    }

    @Override
    public void added(int slot) {
        entries.addNewest(slot);
    }

    @Override
    public void accessed(int slot, long hash) {}

    @Override
    public void replaced(int slot, long hash, int change) {
        entries.reweigh(change);
    }

    @Override
    public void removed(int slot) {
        entries.remove(slot);
    }

    @Override
    public void resize(long capacity) {}

    @Override
    public int audit() {
        return entries.audit("FIFO queue", 0, 0);
    }
}
