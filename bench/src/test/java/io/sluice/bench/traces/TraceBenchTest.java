package io.sluice.bench.traces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceBenchTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void replaysEveryFileWithEveryPolicyAndSize() {
        Traces.write(directory.resolve("b.trace.gz"), "1\n2\n1\n");
        Traces.write(directory.resolve("a.gz"), "1 2 0 0\n");
        List<TraceResult> results = new ArrayList<>();
        new TraceBench(directory, TraceBench.allReplays(1)).run(results::add);
        assertThat(results)
                .hasSize(2 * 8)
                .extracting(TraceResult::trace)
                .startsWith("a.gz")
                .endsWith("b.trace.gz");
        assertThat(results)
                .contains(new TraceResult("b.trace.gz", "lru", 1, 3, 0), new TraceResult("a.gz", "opt", 1, 2, 0));
    }

    @Test
    void jsonIsOneObjectALineWithTheDocumentedNames() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TraceJson json = new TraceJson(new PrintStream(bytes, true, UTF_8));
        json.accept(new TraceResult("x.gz", "arc", 10, 100, 42));
        json.accept(new TraceResult("x.gz", "arc", 20, 100, 50));
        assertThat(bytes.toString(UTF_8).lines())
                .containsExactly(
                        "{\"trace\":\"x.gz\",\"policy\":\"arc\",\"size\":10,\"requests\":100,\"hits\":42}",
                        "{\"trace\":\"x.gz\",\"policy\":\"arc\",\"size\":20,\"requests\":100,\"hits\":50}");
    }

    @Test
    void theTableEndsWithTheAverageOfEachPolicy() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TraceTable table = new TraceTable(new PrintStream(bytes, true, UTF_8));
        table.accept(new TraceResult("x.gz", "arc", 10, 100, 42));
        table.accept(new TraceResult("x.gz", "arc", 20, 1_000, 500));
        table.printAverages();
        assertThat(bytes.toString(UTF_8)).contains("42.00").endsWith("average of 2 replays, arc         46.00 %\n");
    }
}
