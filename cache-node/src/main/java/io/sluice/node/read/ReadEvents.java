package io.sluice.node.read;

/** What the read path reports to be counted. Thread-safe; never blocks. */
public interface ReadEvents {
    /** A read was sent to another node; {@code answered} is false when it could not be reached. */
    void forwarded(CacheGroup group, boolean answered);

    /** A load ended; {@code succeeded} is false when it threw. */
    void loaded(CacheGroup group, long nanos, boolean succeeded);
}
