package io.sluice.sync.heartbeat;

import java.util.function.Consumer;

/** Told of the regular beats of a source, on the thread that beats. */
@FunctionalInterface
public interface BeatListener {
    /** A beat begins. What it returns is told what the primary says after the commit; nothing if the beat fails. */
    Consumer<PrimaryState> begins(String source);
}
