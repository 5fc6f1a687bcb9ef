package io.sluice.store.policy;

/** The entry not used for longest goes first. Not thread-safe. */
final class LruPolicy implements EvictionPolicy {
    private final RankedList entries;

    LruPolicy(Ranks ranks) {
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
    public void accessed(int slot, long hash) {
        entries.moveToNewest(slot);
    }

    @Override
    public void replaced(int slot, long hash, int change) {
        entries.reweigh(change);
        entries.moveToNewest(slot);
    }

    @Override
    public void removed(int slot) {
        entries.remove(slot);
    }

    @Override
    public void resize(long capacity) {}

    @Override
    public int audit() {
        return entries.audit("LRU list", 0, 0);
    }
}
