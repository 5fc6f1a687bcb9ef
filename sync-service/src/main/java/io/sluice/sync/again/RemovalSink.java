package io.sluice.sync.again;

import io.sluice.sync.dispatch.Removal;

/** Where removals are handed in; the usual one is {@link io.sluice.sync.dispatch.Dispatcher#submit}. */
@FunctionalInterface
public interface RemovalSink {
    /** Has every holder forget it; {@code whenDone} runs once. Does not block. */
    void submit(Removal removal, Runnable whenDone);
}
