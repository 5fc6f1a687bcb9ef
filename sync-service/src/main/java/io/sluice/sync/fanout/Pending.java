package io.sluice.sync.fanout;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.FanOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A fan-out that waits or is being asked, for one change or for several that ask the same. Guarded by its queue while
 * it waits, confined to one thread after that. Invariant: its position covers those of all who joined.
 */
final class Pending {
    private final String group;
    private final FanOut fanOut;
    private final long sinceNanos;
    private final List<Runnable> whenDone = new ArrayList<>(1);
    private String position;
    private Duration again;

    Pending(FanOutRequest request, Runnable whenDone, long sinceNanos) {
        requireNonNull(request, "request is null");
        this.group = request.group();
        this.fanOut = request.fanOut();
        this.position = request.position();
        this.again = request.again();
        this.sinceNanos = sinceNanos;
        this.whenDone.add(requireNonNull(whenDone, "whenDone is null"));
    }

    /** Adds one that asks the same. */
    void join(FanOutRequest request, Runnable done) {
        if (!request.position().equals(position)) {
            position = SourcePosition.parse(position)
                    .union(SourcePosition.parse(request.position()))
                    .toString();
        }
        if (request.again().compareTo(again) > 0) {
            again = request.again();
        }
        whenDone.add(done);
    }

    String group() {
        return group;
    }

    FanOut fanOut() {
        return fanOut;
    }

    String position() {
        return position;
    }

    Duration again() {
        return again;
    }

    /** When the first one was handed in. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Tells everybody. */
    void done() {
        whenDone.forEach(Runnable::run);
    }
}
