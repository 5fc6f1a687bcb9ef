package io.sluice.bench.store;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The benchmarks of speed by name, with the method that JMH runs and how keys are drawn. */
public enum StoreBenchmark {
    GET_HIT_UNIFORM("get-hit-uniform", "getHit", "uniform"),
    GET_HIT_ZIPF("get-hit-zipf", "getHit", "zipf"),
    MIXED_UNIFORM("mixed-uniform", "mixed", "uniform"),
    MIXED_ZIPF("mixed-zipf", "mixed", "zipf"),
    PUT_EVICT("put-evict", "putEvict", "in turn");

    /** All benchmarks, in the order of the table. */
    public static final List<StoreBenchmark> ALL = List.of(values());

    private final String shownName;
    private final String method;
    private final String keys;

    StoreBenchmark(String shownName, String method, String keys) {
        this.shownName = shownName;
        this.method = method;
        this.keys = keys;
    }

    /** The benchmark of the name; IllegalArgumentException with the names there are when it is none of them. */
    public static StoreBenchmark named(String name) {
        return ALL.stream()
                .filter(benchmark -> benchmark.shownName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no benchmark is called '" + name + "': use one of "
                        + Arrays.stream(values()).map(StoreBenchmark::toString).collect(Collectors.joining(", "))));
    }

    String method() {
        return method;
    }

    String keys() {
        return keys;
    }

    /** The name in tables and options. */
    @Override
    public String toString() {
        return shownName;
    }
}
