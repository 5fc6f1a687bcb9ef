package io.sluice.bench.store;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import tools.jackson.databind.json.JsonMapper;

/** Prints results for programs: one object a line. */
public final class StoreJson {
    private final JsonMapper mapper = JsonMapper.builder().build();
    private final PrintStream out;

    public StoreJson(PrintStream out) {
        this.out = requireNonNull(out, "out is null");
    }

    /** Prints a result, whatever its kind. */
    public void print(Record result) {
        out.println(mapper.writeValueAsString(result));
    }
}
