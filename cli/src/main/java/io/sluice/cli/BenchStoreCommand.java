package io.sluice.cli;

import io.sluice.bench.store.LatencyBench;
import io.sluice.bench.store.StoreBench;
import io.sluice.bench.store.StoreBenchmark;
import io.sluice.bench.store.StoreJson;
import io.sluice.bench.store.StorePlan;
import io.sluice.bench.store.StoreTables;
import io.sluice.bench.store.TagBench;
import io.sluice.bench.store.TagResult;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the store's speed with that of other in-process caches. */
@Command(
        name = "store",
        description = "Measures the store beside Caffeine and a synchronized LinkedHashMap: operations a second and"
                + " allocation with 1 and 2 threads, or latency under load. docs/benchmarks.md says what is measured.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class BenchStoreCommand implements Callable<Integer> {
    @Option(
            names = "--quick",
            description = "One short round of get-hit-zipf, mixed-zipf and put-evict: under 90 seconds")
    private boolean quick;

    @Option(names = "--json", description = "Print one JSON object a line")
    private boolean json;

    @Option(
            names = "--latency",
            description = "Measure percentiles of a get while another thread puts, and nothing else")
    private boolean latency;

    @Option(
            names = "--tags",
            description = "Measure the removal of a tag that 100,000 of 1,000,000 entries carry, and nothing else")
    private boolean tags;

    @Option(
            names = "--benchmark",
            split = ",",
            paramLabel = "B",
            description = "These only: get-hit-uniform, get-hit-zipf, mixed-uniform, mixed-zipf, put-evict")
    private List<String> benchmarks = List.of();

    @Option(
            names = "--profile",
            split = ",",
            paramLabel = "P",
            description = "Attach JMH's profilers, such as gc, stack or jfr, and print what they say on standard error")
    private List<String> profilers = List.of();

    @Override
    public Integer call() {
        StoreTables tables = new StoreTables(System.out);
        StoreJson lines = new StoreJson(System.out);
        if (tags) {
            TagResult result = new TagBench(quick ? 1 : 5).run();
            if (json) {
                lines.print(result);
            } else {
                tables.tags(result);
            }
            return 0;
        }
        if (latency) {
            LatencyBench bench = quick ? new LatencyBench(1, 3) : new LatencyBench(3, 10);
            bench.run(result -> {
                if (json) {
                    lines.print(result);
                } else {
                    tables.latency(result);
                }
            });
            return 0;
        }
        StorePlan plan = (quick ? StorePlan.quick() : StorePlan.full()).profiledBy(profilers);
        if (!benchmarks.isEmpty()) {
            plan = plan.only(benchmarks.stream().map(StoreBenchmark::named).toList());
        }
        new StoreBench(plan, System.err::print).run(results -> {
            if (json) {
                results.forEach(lines::print);
            } else {
                tables.speeds(results);
            }
        });
        return 0;
    }
}
