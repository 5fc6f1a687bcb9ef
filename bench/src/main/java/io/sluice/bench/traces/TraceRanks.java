package io.sluice.bench.traces;

import io.sluice.store.policy.Ranks;

/** The keys of a trace, each its own slot, all of weight 1. Not thread-safe. */
final class TraceRanks extends Ranks {
    private final int[] newer;
    private final int[] older;
    private final int[] marks;

    TraceRanks(int keys) {
        this.newer = new int[keys];
        this.older = new int[keys];
        this.marks = new int[keys];
    }

    @Override
    protected int newer(int slot) {
        return newer[slot];
    }

    @Override
    protected void setNewer(int slot, int slotTowardsNewest) {
        newer[slot] = slotTowardsNewest;
    }

    @Override
    protected int older(int slot) {
        return older[slot];
    }

    @Override
    protected void setOlder(int slot, int slotTowardsOldest) {
        older[slot] = slotTowardsOldest;
    }

    @Override
    protected int mark(int slot) {
        return marks[slot];
    }

    @Override
    protected void setMark(int slot, int mark) {
        marks[slot] = mark;
    }

    @Override
    protected int weight(int slot) {
        return 1;
    }

    @Override
    protected long hash(int slot) {
        return Trace.hash(slot);
    }
}
