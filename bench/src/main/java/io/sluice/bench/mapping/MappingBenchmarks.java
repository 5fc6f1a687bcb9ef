package io.sluice.bench.mapping;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What JMH runs, in a JVM of its own for each reading and number of rows: one message after the other. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
public class MappingBenchmarks {
    @Param("SLUICE")
    public String reading = "";

    @Param("1")
    public int rows;

    private MessageReading.Reader reader = message -> message;
    private List<byte[]> messages = List.of();
    private int next;

    @Setup
    public void setUp() {
        reader = MessageReading.valueOf(reading).reader(MessageReading.rules());
        messages = CanalMessages.of(rows);
    }

    @Benchmark
    public Object message() {
        next = next + 1 < messages.size() ? next + 1 : 0;
        return reader.read(messages.get(next));
    }
}
