package io.sluice.cli;

import io.sluice.bench.mapping.MappingBench;
import io.sluice.bench.mapping.MappingPlan;
import io.sluice.bench.mapping.MappingTable;
import io.sluice.bench.store.StoreJson;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the way from the bytes of a change message to keys. */
@Command(
        name = "mapping",
        description =
                "Measures rows a second from the bytes of Canal's messages to keys, with a file of 10 rules on one"
                        + " core, beside jackson-databind. docs/benchmarks.md says what is measured.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class BenchMappingCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "One round in the place of three: about a minute")
    private boolean quick;

    @Option(names = "--json", description = "Print one JSON object a line")
    private boolean json;

    @Option(
            names = "--profile",
            split = ",",
            paramLabel = "P",
            description = "Attach JMH's profilers, such as stack or jfr, and print what they say on standard error")
    private List<String> profilers = List.of();

    @Override
    public Integer call() {
        MappingPlan plan = (quick ? MappingPlan.quick() : MappingPlan.full()).profiledBy(profilers);
        MappingTable table = new MappingTable(System.out);
        StoreJson lines = new StoreJson(System.out);
        new MappingBench(plan, System.err::print).run(results -> {
            if (json) {
                results.forEach(lines::print);
            } else {
                table.print(results);
            }
        });
        return 0;
    }
}
