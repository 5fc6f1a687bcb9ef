package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

/**
 * A rule that finds its keys by a query, for those who check it. Immutable.
 *
 * @param id the place in the rules file
 */
public record FanOutRule(String id, String group, KeyQuery query) {
    public FanOutRule {
        requireNonNull(id, "id is null");
        requireNonNull(group, "group is null");
        requireNonNull(query, "query is null");
    }
}
