package io.sluice.mapping;

import java.util.List;

/** What a change makes stale and what it does not, each with the reason. Immutable. */
public record Explanation(List<Invalidation> invalidations, List<Skipped> skipped) {
    public Explanation {
        invalidations = List.copyOf(invalidations);
        skipped = List.copyOf(skipped);
    }

    /**
     * A rule of the table that asks for nothing.
     *
     * @param rule the place in the rules file; empty where no rule speaks of the table
     */
    public record Skipped(String rule, String group, String reason) {}
}
