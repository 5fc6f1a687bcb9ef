package io.sluice.sync.flow;

import io.sluice.mapping.FanOut;
import io.sluice.mapping.Invalidation;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.fanout.FanOutRequest;
import io.sluice.sync.heartbeat.Heartbeat;
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
    private final Distinct removals = new Distinct();
    private Map<Removal, Duration> again = Map.of();
    private Set<FanOutRequest> fanOuts = Set.of();
    private List<Heartbeat> heartbeats = List.of();
    private final List<Invalidation> invalidations = new ArrayList<>();

    /** All of one position; empty when the record has none. */
    Collected(String position) {
        this.position = position;
    }

    void add(Heartbeat heartbeat) {
        heartbeats = heartbeats.isEmpty() ? new ArrayList<>() : heartbeats;
        heartbeats.add(heartbeat);
    }

    void addAll(List<Invalidation> all) {
        all.forEach(this::add);
        invalidations.addAll(all);
    }

    private void add(Invalidation one) {
        FanOut fanOut = one.fanOut();
        if (fanOut != null) {
            fanOuts = fanOuts.isEmpty() ? new LinkedHashSet<>() : fanOuts;
            fanOuts.add(new FanOutRequest(one.group(), fanOut, position, one.again()));
            return;
        }
        Removal removal = removal(one);
        removals.add(removal);
        if (!one.again().isZero()) {
            again = again.isEmpty() ? new HashMap<>() : again;
            again.merge(removal, one.again(), (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    private Removal removal(Invalidation one) {
        return switch (one.scope()) {
            case KEY -> Removal.ofKey(one.group(), one.key(), position);
            case TAG -> Removal.ofTag(one.group(), one.key(), position);
            case GROUP -> Removal.ofGroup(one.group(), position);
            case QUERY -> throw new IllegalStateException("a query is not a removal");
        };
    }

    boolean isEmpty() {
        return invalidations.isEmpty();
    }

    MappedRecord with(@Nullable Problem problem) {
        return new MappedRecord(
                removals.toList(), again, new ArrayList<>(fanOuts), invalidations, problem, heartbeats, position);
    }
}
