package io.sluice.cli.rules;

import io.sluice.mapping.FanOut;
import io.sluice.mapping.Invalidation;
import io.sluice.mapping.LoadQuery;
import java.util.ArrayList;
import java.util.List;

/** A fan-out in words: what would be asked, with what. Stateless. */
final class FanOutText {
    private FanOutText() {}

    /** The query, and the values of its parameters. */
    static String of(Invalidation invalidation) {
        FanOut fanOut = invalidation.fanOut();
        if (fanOut == null) {
            return "";
        }
        LoadQuery query = fanOut.query().query();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < query.parameters().size(); i++) {
            String value = fanOut.parameters().get(i);
            values.add(":" + query.parameters().get(i) + " = " + (value == null ? "NULL" : value));
        }
        return query.sql() + (values.isEmpty() ? "" : " with " + String.join(", ", values));
    }

    /** The template of the keys that it finds. */
    static String keys(Invalidation invalidation) {
        FanOut fanOut = invalidation.fanOut();
        return fanOut == null ? "" : fanOut.query().key().toString();
    }
}
