package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.again.SecondRemovals;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.fanout.FanOutRequest;
import io.sluice.sync.fanout.FanOuts;
import java.time.Duration;

/**
 * Where what a record asks for is handed in: removals, and queries that find some. Safe for use by many threads; blocks
 * nobody.
 */
public record Effects(Dispatcher dispatcher, SecondRemovals removals, FanOuts fanOuts) {
    /** One thing to be done before a record is. */
    public interface Part {
        /** Called before it is handed in; what it returns runs once it is done. */
        Runnable begin();
    }

    public Effects {
        requireNonNull(dispatcher, "dispatcher is null");
        requireNonNull(removals, "removals is null");
        requireNonNull(fanOuts, "fanOuts is null");
    }

    /** Hands in everything, each as a part of its own. */
    public void handOut(MappedRecord mapped, Part part) {
        for (Removal removal : mapped.removals()) {
            removals.submit(removal, mapped.again().getOrDefault(removal, Duration.ZERO), part.begin());
        }
        for (FanOutRequest fanOut : mapped.fanOuts()) {
            fanOuts.submit(fanOut, part.begin());
        }
    }

    /** True when no more should be handed in for now. */
    public boolean isFull(int maxRemovals) {
        return dispatcher.inFlight() >= maxRemovals || fanOuts.isFull();
    }
}
