package io.sluice.cli.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sluice.cli.coherence.judge.Judge;
import io.sluice.cli.coherence.judge.Ledger;
import io.sluice.cli.coherence.judge.Path;
import io.sluice.cli.coherence.judge.Reading;
import io.sluice.cli.coherence.judge.RowKey;
import io.sluice.client.Answer;
import io.sluice.client.ServedFrom;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that nobody can judge are no reason to wait for them. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OwnMemoryTest {
    private final CountDownLatch answered = new CountDownLatch(1);

    @Test
    void anAnswerThatCannotBeJudgedIsToldOfAndNotWaitedFor() throws InterruptedException {
        Judge judge = new Judge(new Ledger(VersionedRows.COUNT), line -> {});
        readAndClose(judge, "{\"id\":1,\"version\":none}");
        assertThat(judge.unjudged()).contains("cannot be judged", "owner of node-1", "NumberFormatException");
    }

    @Test
    void noMoreIsOneWhoseJudgementBreaks() throws InterruptedException {
        Consumer<String> broken = line -> {
            throw new AssertionError(line);
        };
        Judge judge = new Judge(new Ledger(VersionedRows.COUNT), broken);
        readAndClose(judge, "{\"id\":1,\"version\":7}");
        assertThat(judge.unjudged()).contains("AssertionError", "never written");
    }

    /** Returns when the close does. */
    private void readAndClose(Judge judge, String text) throws InterruptedException {
        try (var _ = OwnMemory.start(reader(text), "node-1", judge)) {
            assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** As a client's: what the sink throws, nobody hears of. */
    private Reader reader(String text) {
        return (keys, sink) -> {
            for (RowKey key : keys) {
                var _ = CompletableFuture.completedFuture(answer(text)).whenComplete((answer, failure) -> {
                    answered.countDown();
                    sink.answered(new Reading(key, Path.OWNER, "node-1", System.nanoTime(), answer));
                });
            }
        };
    }

    private static Answer answer(String text) {
        return new Answer(
                true,
                ByteString.copyFromUtf8(text),
                "node-1",
                ServedFrom.MEMORY,
                Duration.ofMillis(5),
                "",
                OptionalLong.empty(),
                false,
                1);
    }
}
