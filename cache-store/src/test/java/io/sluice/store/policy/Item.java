package io.sluice.store.policy;

/** An entry whose hash is its key. */
final class Item extends Ranked {
    final long key;

    Item(long key, int weight) {
        super(weight);
        this.key = key;
    }

    @Override
    public long hash() {
        return key;
    }

    @Override
    public String toString() {
        return key + "/" + weight;
    }
}
