package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;

/**
 * What a load brought back. Immutable; the value's bytes are shared and must not be written to.
 *
 * <p>{@code keepable} is false when the row is right but does not render to the key that was asked for, as when MySQL
 * compares {@code '017'} with an integer column: no Remove would ever name that key, so it is answered and not kept.
 */
public final class Loaded {
    private final boolean found;
    private final byte[] value;
    private final LoadStamp goneBy;
    private final long startNanos;
    private final boolean keepable;

    /** What the accessors of the same names give; of the server that it is to be of. */
    public Loaded(boolean found, byte[] value, SourcePosition stamp, long startNanos, boolean keepable) {
        this(found, value, LoadStamp.of(stamp), startNanos, keepable);
    }

    public Loaded(boolean found, byte[] value, LoadStamp goneBy, long startNanos, boolean keepable) {
        this.found = found;
        this.value = requireNonNull(value, "value is null");
        this.goneBy = requireNonNull(goneBy, "goneBy is null");
        this.startNanos = startNanos;
        this.keepable = keepable;
    }

    /** Whether the source has the row. */
    public boolean found() {
        return found;
    }

    /** The rendered value; empty when there is no row. */
    public byte[] value() {
        return value;
    }

    /** What the load went by. */
    public LoadStamp goneBy() {
        return goneBy;
    }

    /** The position read before the row was, from the same server; unknown when the source has none. */
    public SourcePosition stamp() {
        return goneBy.position();
    }

    /** When the load began, by the node's clock. */
    public long startNanos() {
        return startNanos;
    }

    /**
     * Whether it is of another server than the one that is polled, against what the source declares: then its stamp
     * alone tells how stale it is.
     */
    public boolean astray() {
        return goneBy.astray();
    }

    /** Whether the key is the one that a change of the row would remove. */
    public boolean keepable() {
        return keepable;
    }
}
