package io.sluice.cli.sync;

import io.sluice.cli.demo.LocalCluster;
import java.util.Locale;

/**
 * Processor time since some moment, which the busyness of a shared machine changes less than a rate. Immutable.
 *
 * @param sync seconds of the sync service
 * @param nodes seconds of all nodes
 * @param all seconds of everything, Kafka included
 */
record RowCost(double sync, double nodes, double all) {
    private static final double MICROS = 1e6;

    static RowCost of(LocalCluster cluster) {
        double nodes = cluster.nodes().stream()
                .mapToDouble(node -> ProcessorTime.seconds(node.pid()))
                .sum();
        return new RowCost(ProcessorTime.seconds(cluster.sync().pid()), nodes, ProcessorTime.secondsOfAll());
    }

    RowCost since(RowCost before) {
        return new RowCost(sync - before.sync, nodes - before.nodes, all - before.all);
    }

    String perRow(double rows) {
        return String.format(
                Locale.ROOT,
                "processor time a row: sync service %.1f µs, nodes %.1f µs together, everything %.1f µs",
                sync / rows * MICROS,
                nodes / rows * MICROS,
                all / rows * MICROS);
    }
}
