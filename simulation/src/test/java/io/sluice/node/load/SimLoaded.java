package io.sluice.node.load;

import io.sluice.coherence.SourcePosition;

/** Makes what a simulated load brings, which may have read another server than the one that is polled. No state. */
public final class SimLoaded {
    private SimLoaded() {}

    /** As the production loader does; what is loaded is always of its own key. */
    public static Loaded of(boolean found, byte[] value, SourcePosition stamp, boolean astray, long startNanos) {
        return new Loaded(found, value, new LoadStamp(stamp, astray), startNanos, true);
    }
}
