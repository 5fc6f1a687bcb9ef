package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.dispatch.RemovalBundle;
import io.sluice.sync.fanout.FanOutRequest;
import io.sluice.sync.fanout.FanOuts;
import java.time.Duration;

/**
 * Where what a record asks for is handed in: removals, and queries that find some. Safe for use by many threads; blocks
 * nobody.
 */
public record Effects(Dispatcher dispatcher, SecondRemovals removals, FanOuts fanOuts) {
    public Effects {
        requireNonNull(dispatcher, "dispatcher is null");
        requireNonNull(removals, "removals is null");
        requireNonNull(fanOuts, "fanOuts is null");
    }

    /** Hands in removals; {@code whenDone} runs once, on another thread, when all of them are done. */
    public void submit(RemovalBundle bundle, Runnable whenDone) {
        dispatcher.submit(bundle, whenDone);
    }

    /** Hands in a removal that is wanted once more after a delay; it is done when the first is. */
    public void submitTwice(Removal removal, Duration again, Runnable whenDone) {
        removals.submit(removal, again, whenDone);
    }

    /** Hands in a query; it is done when everything it finds is removed. */
    public void submit(FanOutRequest fanOut, Runnable whenDone) {
        fanOuts.submit(fanOut, whenDone);
    }

    /** True when no more should be handed in for now. */
    public boolean isFull(long maxBytes, long maxWaitingBytes) {
        return dispatcher.footprintBytes() >= maxBytes
                || dispatcher.mostWaitingBytes() >= maxWaitingBytes
                || fanOuts.isFull();
    }
}
