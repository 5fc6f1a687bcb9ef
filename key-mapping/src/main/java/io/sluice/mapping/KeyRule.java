package io.sluice.mapping;

import java.util.List;
import java.util.stream.Stream;

/** One compiled rule: a row change of its table makes a key of its group stale. Immutable. */
record KeyRule(String group, KeyTemplate key, Condition when) {

    /** Every column the rule looks at. */
    List<String> columns() {
        return Stream.concat(key.columns().stream(), when.columns().stream()).toList();
    }
}
