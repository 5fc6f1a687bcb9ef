package io.sluice.mapping;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query to be asked for one row change, and what it is asked with. Immutable; its text shows no value. Two that are
 * equal find the same keys.
 *
 * @param parameters for each {@code ?} of the query in order, the canonical text of a column; null for NULL
 */
public record FanOut(KeyQuery query, List<@Nullable String> parameters) {
    public FanOut {
        requireNonNull(query, "query is null");
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    @Override
    public String toString() {
        return "FanOut[" + query.query().sql() + "]";
    }
}
