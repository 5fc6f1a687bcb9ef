package io.sluice.bench.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceFileTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void readsOneNumberALineAndSkipsStarsAndEmptyLinesAndCarriageReturns() {
        Trace trace = TraceFile.read(Traces.write(directory.resolve("x.trace.gz"), "7\r\n*\r\n\r\n9\r\n7\n*\n12"));
        assertThat(trace.name()).isEqualTo("x.trace.gz");
        assertThat(keys(trace)).containsExactly(0, 1, 0, 2);
        assertThat(trace.keys()).isEqualTo(3);
    }

    @Test
    void readsTheFormatOfTheArcAuthorsWithRangesOfBlocks() {
        Trace trace = TraceFile.read(Traces.write(directory.resolve("P.gz"), "5 1 0 0\n6 3 0 1\n5 1 0 2\n"));
        assertThat(keys(trace)).containsExactly(0, 1, 2, 3, 0);
    }

    @Test
    void aLineThatIsNoRequestIsAnErrorThatSaysWhere() {
        Path file = Traces.write(directory.resolve("x.trace.gz"), "7\nseven\n");
        assertThatThrownBy(() -> TraceFile.read(file)).hasMessageContaining("x.trace.gz line 2 is not a request");
        Path arc = Traces.write(directory.resolve("y.gz"), "7\n");
        assertThatThrownBy(() -> TraceFile.read(arc)).hasMessageContaining("y.gz line 1 is not a request");
    }

    @Test
    void aDirectoryWithoutTracesIsAnError() {
        assertThatThrownBy(() -> TraceFile.in(directory)).hasMessageContaining("no trace in");
        assertThatThrownBy(() -> TraceFile.in(directory.resolve("none"))).hasMessageContaining("cannot list");
    }

    private static int[] keys(Trace trace) {
        return IntStream.range(0, trace.length()).map(trace::key).toArray();
    }
}
