package io.sluice.cli.cluster;

import static java.util.Objects.requireNonNull;

import io.sluice.bench.cluster.ClusterOutcome;
import io.sluice.bench.cluster.Course;
import io.sluice.bench.cluster.LoadLog;
import io.sluice.bench.cluster.ReadLoad;
import io.sluice.bench.cluster.ZipfKeys;
import io.sluice.cli.demo.LocalCluster;
import io.sluice.cli.demo.SluiceProcess;
import io.sluice.client.Answer;
import io.sluice.client.KeyOutcome;
import io.sluice.client.ReadOptions;
import io.sluice.client.ServedFrom;
import io.sluice.client.SluiceClient;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Topology;
import io.sluice.devstack.Devstack;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Measures what faults cost: starts the real servers, three nodes and the sync service, reads and writes at modest
 * fixed rates, and has nodes come and go. One machine has it all, so the rates leave room for processes that start.
 *
 * <p>Half of the reads go to the owner of their key, as a client does that knows the ring. The other half go by a fixed
 * list of the first three nodes, as an application does that has only addresses. What is asked for often also changes
 * often: without changes every row would come from memory, and MySQL would have no rate of loads to compare with.
 *
 * <p>Used by one thread.
 */
public final class ClusterBench {
    private static final String CLUSTER = "bench";
    private static final int NODES = 3;
    private static final int READS_PER_SECOND = 1_500;
    private static final int WRITES_PER_SECOND = 40;
    private static final long BETWEEN_WRITES_NANOS = TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND;
    private static final long BETWEEN_COUNTS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BATCH = 50;
    private static final ReadOptions PATIENT = ReadOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));
    private static final int FILLS = 30;
    private static final long BETWEEN_FILLS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream progress;

    /** @param progress is told what goes on, a line at a time */
    public ClusterBench(PrintStream progress) {
        this.progress = requireNonNull(progress, "progress is null");
    }

    /** What was measured. */
    public record Result(ClusterOutcome outcome, Course course) {}

    /** Runs everything; it takes about two minutes. */
    public Result run() throws Exception {
        progress.println("Starting MySQL, Kafka, etcd, Canal, " + NODES + " nodes and the sync service");
        try (Devstack stack = Devstack.start();
                BenchRows rows = BenchRows.create(stack.mysql());
                LocalCluster cluster = LocalCluster.start(stack, CLUSTER, NODES, rows.rules());
                SluiceClient byRing = cluster.client();
                SluiceClient byList = byList(cluster.nodes())) {
            cluster.awaitKeeping(byRing, BenchRows.GROUP, "1");
            fill(byRing);
            LoadLog loads = new LoadLog();
            ZipfKeys changed = new ZipfKeys(BenchRows.COUNT, 2);
            try (ReadLoad reads = ReadLoad.start(
                            READS_PER_SECOND,
                            new ZipfKeys(BenchRows.COUNT, 1),
                            List.of(reader(byRing), reader(byList)));
                    EveryWhile counts = EveryWhile.start(
                            "bench-counts", BETWEEN_COUNTS_NANOS, () -> loads.counted(reads.millis(), rows.loads()));
                    EveryWhile writes =
                            EveryWhile.start("bench-writes", BETWEEN_WRITES_NANOS, () -> rows.change(changed.next()))) {
                requireNonNull(counts, "counts is null");
                requireNonNull(writes, "writes is null");
                return new FaultScenarios(cluster, byRing, reads, loads, progress).run();
            }
        }
    }

    /** A client that asks the nodes in the wrong order, since it has them under names that are not theirs. */
    private static SluiceClient byList(List<SluiceProcess> nodes) {
        String[] addresses = nodes.stream()
                .map(node -> "address-of-" + node.name() + "=127.0.0.1:" + node.port())
                .toArray(String[]::new);
        return SluiceClient.builder().members(addresses).build();
    }

    private static IntFunction<CompletableFuture<Boolean>> reader(SluiceClient client) {
        return key -> client.getAsync(BenchRows.GROUP, Integer.toString(key)).thenApply(ClusterBench::isFromMemory);
    }

    private static boolean isFromMemory(Answer answer) {
        if (!answer.found()) {
            throw new IllegalStateException("A row that is never deleted was not found");
        }
        return answer.servedFrom() != ServedFrom.SOURCE;
    }

    /**
     * Reads all keys until they stay in memory. Early passes may be in vain, or fail while processes are warming up: a
     * sync service that starts for the first time clears everything, and again for what it finds in the stream.
     */
    private void fill(SluiceClient client) {
        int inMemory = 0;
        for (int pass = 0; pass < FILLS; pass++) {
            int before = inMemory;
            inMemory = readAll(client);
            if (before == BenchRows.COUNT && inMemory == BenchRows.COUNT) {
                progress.printf(
                        "All %,d rows are in memory, %,d of them twice%n", BenchRows.COUNT, heldByReplica(client));
                return;
            }
            LockSupport.parkNanos(BETWEEN_FILLS_NANOS);
        }
        throw new IllegalStateException("Nodes do not keep what they load: only " + inMemory + " of " + BenchRows.COUNT
                + " rows are in memory");
    }

    private static int readAll(SluiceClient client) {
        int inMemory = 0;
        for (int first = 1; first <= BenchRows.COUNT; first += BATCH) {
            List<String> keys = IntStream.range(first, first + BATCH)
                    .mapToObj(Integer::toString)
                    .toList();
            for (KeyOutcome outcome : client.getMany(BenchRows.GROUP, keys, PATIENT)) {
                if (outcome instanceof KeyOutcome.Answered answered && isFromMemory(answered.answer())) {
                    inMemory++;
                }
            }
        }
        return inMemory;
    }

    private static int heldByReplica(SluiceClient client) {
        List<CompletableFuture<Answer>> answers = IntStream.rangeClosed(1, BenchRows.COUNT)
                .mapToObj(Integer::toString)
                .map(key -> client.on(replica(client.topology(), key)).getAsync(BenchRows.GROUP, key, PATIENT))
                .toList();
        return (int) answers.stream()
                .filter(answer -> answer.join().servedFrom() == ServedFrom.REPLICA)
                .count();
    }

    private static String replica(Topology topology, String key) {
        return topology.holders(KeyHash.of(BenchRows.GROUP, key)).getLast().name();
    }
}
