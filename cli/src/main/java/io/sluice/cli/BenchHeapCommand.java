package io.sluice.cli;

import io.sluice.bench.store.HeapBench;
import io.sluice.bench.store.StoreJson;
import io.sluice.bench.store.StoreTables;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the store's memory with that of other in-process caches. */
@Command(
        name = "heap",
        description = "Measures the heap that an entry takes beside the bytes of its key and value, in the store with"
                + " every policy, a ConcurrentHashMap and Caffeine, at a million entries.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceVersion.class)
final class BenchHeapCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object a line")
    private boolean json;

    @Option(names = "--jol", description = "Have JOL add up the sizes of all objects as well; takes minutes more")
    private boolean jol;

    @Override
    public Integer call() {
        StoreTables tables = new StoreTables(System.out);
        StoreJson lines = new StoreJson(System.out);
        new HeapBench(jol).run(result -> {
            if (json) {
                lines.print(result);
            } else {
                tables.heap(result);
            }
        });
        return 0;
    }
}
