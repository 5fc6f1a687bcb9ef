package io.sluice.sync.flow;

import io.sluice.mapping.FanOut;
import io.sluice.mapping.Invalidation;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.fanout.FanOutRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what the rows of one record ask for, each once. Used for one record. Single-threaded. */
final class Collected {
    private final String position;
    private final Set<Removal> removals = new LinkedHashSet<>();
    private final Map<Removal, Duration> again = new HashMap<>();
    private final Set<FanOutRequest> fanOuts = new LinkedHashSet<>();
    private final List<Invalidation> invalidations = new ArrayList<>();

    /** All of one position; empty when the record has none. */
    Collected(String position) {
        this.position = position;
    }

    void addAll(List<Invalidation> all) {
        all.forEach(this::add);
        invalidations.addAll(all);
    }

    private void add(Invalidation one) {
        FanOut fanOut = one.fanOut();
        if (fanOut != null) {
            fanOuts.add(new FanOutRequest(one.group(), fanOut, position, one.again()));
            return;
        }
        Removal removal = removal(one);
        removals.add(removal);
        if (!one.again().isZero()) {
            again.merge(removal, one.again(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    private Removal removal(Invalidation one) {
        return switch (one.scope()) {
            case KEY -> Removal.ofKey(one.group(), one.key(), position);
            // Nodes do not keep tags yet: what carries the tag goes with its whole group.
            case TAG, GROUP -> Removal.ofGroup(one.group(), position);
            case QUERY -> throw new IllegalStateException("a query is not a removal");
        };
    }

    boolean isEmpty() {
        return invalidations.isEmpty();
    }

    MappedRecord with(@Nullable Problem problem) {
        return new MappedRecord(new ArrayList<>(removals), again, new ArrayList<>(fanOuts), invalidations, problem);
    }
}
