package io.sluice.node.load;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.SourcePosition;

/**
 * What a load goes by. Immutable.
 *
 * @param position that every later statement on its connection reflects at least; unknown where the source has none
 * @param astray whether it reads another server than the one that is polled, against what the source declares; then it
 *     counts as one from a replica
 */
public record LoadStamp(SourcePosition position, boolean astray) {
    /** Of a source that has no positions. */
    public static final LoadStamp NONE = of(SourcePosition.UNKNOWN);

    public LoadStamp {
        requireNonNull(position, "position is null");
    }

    /** Of the server that it is to be of. */
    public static LoadStamp of(SourcePosition position) {
        return new LoadStamp(position, false);
    }
}
