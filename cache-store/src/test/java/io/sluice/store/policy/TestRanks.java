package io.sluice.store.policy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries whose hash is their key, each a slot of its own. */
final class TestRanks extends Ranks {
    private static final class Item {
        final long key;
        int weight;
        int newer;
        int older;
        int mark;

        Item(long key, int weight) {
            this.key = key;
            this.weight = weight;
        }
    }

    private final List<@Nullable Item> items = new ArrayList<>();

    /** A new entry's slot. */
    int add(long key, int weight) {
        items.add(new Item(key, weight));
        return items.size() - 1;
    }

    /** Makes sure that nobody uses the slot any more. */
    void remove(int slot) {
        items.set(slot, null);
    }

    private Item item(int slot) {
        return requireNonNull(items.get(slot), "the slot is empty");
    }

    void reweigh(int slot, int weight) {
        item(slot).weight = weight;
    }

    @Override
    protected int newer(int slot) {
        return item(slot).newer;
    }

    @Override
    protected void setNewer(int slot, int newer) {
        item(slot).newer = newer;
    }

    @Override
    protected int older(int slot) {
        return item(slot).older;
    }

    @Override
    protected void setOlder(int slot, int older) {
        item(slot).older = older;
    }

    @Override
    protected int mark(int slot) {
        return item(slot).mark;
    }

    @Override
    protected void setMark(int slot, int mark) {
        if (mark < 0 || mark >= 1 << MARK_BITS) {
            throw new IllegalArgumentException("mark " + mark);
        }
        item(slot).mark = mark;
    }

    @Override
    protected int weight(int slot) {
        return item(slot).weight;
    }

    @Override
    protected long hash(int slot) {
        return item(slot).key;
    }
}
