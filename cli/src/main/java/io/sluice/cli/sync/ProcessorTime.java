package io.sluice.cli.sync;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long processors have worked for processes: what a row costs, whoever else is on the machine. Stateless; nothing
 * where the system does not say.
 */
final class ProcessorTime {
    private static final double NANOS = 1e9;

    private ProcessorTime() {}

    /** Seconds of one process. */
    static double seconds(long pid) {
        return sum(ProcessHandle.of(pid).stream());
    }

    /** Seconds of everything that this process has started and that still runs. */
    static double secondsOfAll() {
        return sum(ProcessHandle.current().descendants());
    }

    private static double sum(Stream<ProcessHandle> processes) {
        return processes
                        .mapToLong(process -> process.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos())
                        .sum()
                / NANOS;
    }
}
