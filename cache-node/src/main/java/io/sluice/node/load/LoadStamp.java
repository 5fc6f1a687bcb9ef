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
record LoadStamp(SourcePosition position, boolean astray) {
    LoadStamp {
        requireNonNull(position, "position is null");
    }
}
