package io.sluice.sync.flow;

import io.sluice.sync.dispatch.Removal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the removals of one record, which share its position, each once and in order. Single-threaded. */
final class Distinct {
    /** Up to so many, looking at each is faster than hashing; most messages ask for fewer. */
    private static final int FEW = 12;

    private final List<Removal> removals = new ArrayList<>();
    private final Set<Removal> seen = new HashSet<>();

    void add(Removal removal) {
        boolean isNew;
        if (removals.size() < FEW) {
            isNew = !isAmongFew(removal);
        } else {
            if (seen.isEmpty()) {
                seen.addAll(removals);
            }
            isNew = seen.add(removal);
        }
        if (isNew) {
            removals.add(removal);
        }
    }

    private boolean isAmongFew(Removal removal) {
        for (int i = 0; i < removals.size(); i++) {
            Removal other = removals.get(i);
            if (other.key().equals(removal.key())
                    && other.group().equals(removal.group())
                    && other.scope() == removal.scope()) {
                return true;
            }
        }
        return false;
    }

    List<Removal> toList() {
        return removals;
    }
}
