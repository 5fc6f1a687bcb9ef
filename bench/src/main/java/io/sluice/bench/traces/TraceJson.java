package io.sluice.bench.traces;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** Prints results for programs: one object a line. */
public final class TraceJson implements Consumer<TraceResult> {
    private final JsonMapper mapper = JsonMapper.builder().build();
    private final PrintStream out;

    public TraceJson(PrintStream out) {
        this.out = requireNonNull(out, "out is null");
    }

    @Override
    public void accept(TraceResult result) {
        out.println(mapper.writeValueAsString(result));
    }
}
