package io.sluice.simulation;

import io.sluice.node.hot.HotKeyEvents;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.HotCopies;
import io.sluice.node.read.Read;
import io.sluice.node.read.ReadEvents;
import io.sluice.proto.v1.Answer;
import org.jspecify.annotations.Nullable;

/** Counts nothing, and copies no hot keys. */
enum SimEvents implements ReadEvents, HotKeyEvents, HotCopies {
    NONE;

    @Override
    public void forwarded(CacheGroup group, int reads, boolean answered) {}

    @Override
    public void loaded(CacheGroup group, long nanos, boolean succeeded) {}

    @Override
    public void loadedMany(CacheGroup group, int keys, long nanos, boolean succeeded) {}

    @Override
    public void peeked(CacheGroup group, PeekOutcome outcome) {}

    @Override
    public void pastMaxStaleness(CacheGroup group, PastOutcome outcome) {}

    @Override
    public void hotForwarded(String group) {}

    @Override
    public void hotServed(String group) {}

    @Override
    public @Nullable Answer find(Read read) {
        return null;
    }

    @Override
    public void forwarded(Read read, Answer answer) {}
}
