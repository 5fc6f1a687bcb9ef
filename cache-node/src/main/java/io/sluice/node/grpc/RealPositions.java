package io.sluice.node.grpc;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.AppliedPositions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The positions of one batch of removals, without the phantoms of the source that each is asked for. Phantoms that were
 * known when a removal came would otherwise be demanded until the next time they change: for ever, as a rule.
 *
 * <p>Costs nothing while there are none. Not thread-safe.
 */
final class RealPositions {
    private final List<SourcePosition> told;
    private final AppliedPositions applied;
    private @Nullable Map<Told, SourcePosition> real;

    private record Told(int index, String source) {}

    RealPositions(List<SourcePosition> told, AppliedPositions applied) {
        this.told = told;
        this.applied = applied;
    }

    /** The position of this index for a group of the source; UNKNOWN when nothing is left, which removes more. */
    SourcePosition of(int index, String source) {
        SourcePosition phantoms = applied.of(source).now().phantoms();
        if (phantoms.isUnknown()) {
            return told.get(index);
        }
        Map<Told, SourcePosition> known = real == null ? new HashMap<>() : real;
        real = known;
        return known.computeIfAbsent(
                new Told(index, source), asked -> told.get(index).minus(phantoms));
    }
}
