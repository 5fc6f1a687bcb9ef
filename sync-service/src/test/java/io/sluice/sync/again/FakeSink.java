package io.sluice.sync.again;

import io.sluice.sync.dispatch.Removal;
import java.util.ArrayList;
import java.util.List;

/** Remembers what is handed in; a test says when it is done. Thread-safe. */
public final class FakeSink implements RemovalSink {
    private final List<Removal> removals = new ArrayList<>();
    private final List<Runnable> open = new ArrayList<>();
    private boolean atOnce = true;

    /** From now on nothing is done before {@link #finish}. */
    public synchronized void hold() {
        atOnce = false;
    }

    @Override
    public void submit(Removal removal, Runnable whenDone) {
        synchronized (this) {
            removals.add(removal);
            if (!atOnce) {
                open.add(whenDone);
                return;
            }
        }
        whenDone.run();
    }

    /** All that was handed in, in order. */
    public synchronized List<Removal> removals() {
        return List.copyOf(removals);
    }

    /** Everything that is open is done. */
    public void finish() {
        List<Runnable> all;
        synchronized (this) {
            all = List.copyOf(open);
            open.clear();
        }
        all.forEach(Runnable::run);
    }
}
