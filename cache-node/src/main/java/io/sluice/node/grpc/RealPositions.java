package io.sluice.node.grpc;

import io.sluice.coherence.SourcePosition;
import io.sluice.node.read.AppliedPositions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The positions of one batch of removals, without the phantoms of the source that each is asked for. Phantoms that were
 * known when a removal came would otherwise be demanded until the next time they change: for ever, as a rule. So would
 * those that become known while the batch is applied, and who has applied it has to {@linkplain #news ask}:
 *
 * <ol>
 *   <li>a removal takes its position from here, with phantoms in it that nobody knows yet;
 *   <li>the node is told these phantoms, and goes through all its fences;
 *   <li>the removal is recorded in its fence, phantoms and all.
 * </ol>
 *
 * If 2 comes after the batch has asked, it comes after 3, and finds the record. Not thread-safe.
 */
final class RealPositions {
    private final List<SourcePosition> told;
    private final AppliedPositions applied;
    private final Map<String, SourcePosition> phantoms = new HashMap<>();
    private final Map<Told, SourcePosition> real = new HashMap<>();

    private record Told(int index, String source) {}

    RealPositions(List<SourcePosition> told, AppliedPositions applied) {
        this.told = told;
        this.applied = applied;
    }

    /** The position of this index for a group of the source; UNKNOWN when nothing is left, which removes more. */
    SourcePosition of(int index, String source) {
        SourcePosition known = phantoms.computeIfAbsent(source, this::now);
        if (known.isUnknown()) {
            return told.get(index);
        }
        return real.computeIfAbsent(
                new Told(index, source), asked -> told.get(index).minus(known));
    }

    /** By source, the phantoms of now where they are others than those that were taken away here. */
    Map<String, SourcePosition> news() {
        Map<String, SourcePosition> news = new HashMap<>();
        phantoms.forEach((source, known) -> {
            SourcePosition now = now(source);
            if (!now.equals(known)) {
                news.put(source, now);
            }
        });
        return news;
    }

    private SourcePosition now(String source) {
        return applied.of(source).now().phantoms();
    }
}
