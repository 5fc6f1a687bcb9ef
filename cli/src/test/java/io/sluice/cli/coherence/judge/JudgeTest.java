package io.sluice.cli.coherence.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.sluice.client.Answer;
import io.sluice.client.ServedFrom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class JudgeTest {
    private static final long SECOND = 1_000_000_000;
    private static final RowKey KEY = new RowKey("item", 2);

    private final long start = System.nanoTime();
    private final Ledger ledger = new Ledger(3);
    private final List<String> complaints = new ArrayList<>();
    private final Judge judge = new Judge(ledger, complaints::add);

    @Test
    void countsEachAnswerByHowLongItWasOutOfDate() {
        write(10);
        write(20);
        assertThat(read(2, 100)).isZero();
        assertThat(read(1, 20)).isZero();
        read(1, 21);
        read(1, 22);
        read(1, 27);
        read(1, 81);
        assertThat(judge.over1s()).isEqualTo(3);
        assertThat(judge.over5s()).isEqualTo(2);
        assertThat(judge.over60s()).isEqualTo(1);
        assertThat(judge.reads().get(Path.REPLICA)).isEqualTo(6);
        assertThat(complaints).as("each twice as bad").hasSize(3);
        assertThat(complaints.getLast()).contains("61.000 s", "replica of node-1", "newest is version 2");
    }

    @Test
    void whatWasCommittedOrAskedForBeforeItCountsDoesNotCount() {
        write(-20);
        write(-18);
        ledger.countFromNow();
        read(1, -10);
        assertThat(judge.over5s()).isZero();
        write(80);
        read(1, 90);
        assertThat(judge.over5s()).isEqualTo(1);
        ledger.end();
        assertThat(ledger.changes()).isEqualTo(1);
    }

    @Test
    void holdsAnAnswerToItsBound() {
        write(10);
        write(20);
        judge.judge(reading(1, 23, OptionalLong.of(3_000)));
        assertThat(judge.beyondBound()).isZero();
        judge.judge(reading(1, 24, OptionalLong.of(3_000)));
        judge.judge(reading(1, 24, OptionalLong.empty()));
        assertThat(judge.beyondBound()).isEqualTo(1);
        assertThat(judge.bounded()).isEqualTo(2);
        assertThat(complaints).anySatisfy(line -> assertThat(line).contains("beyond its bound"));
    }

    @Test
    void countsWhatWasNeverWritten() {
        read(1, 1);
        assertThat(judge.neverWritten()).isEqualTo(1);
        assertThat(judge.over1s()).isZero();
        assertThat(complaints).hasSize(1);
    }

    @Test
    void aChangeIsLateWhenAReadSawAnOlderVersionASecondAfterIt() {
        write(10);
        write(20);
        write(30);
        write(40);
        read(1, 21);
        read(2, 32);
        ledger.end();
        assertThat(ledger.changes()).isEqualTo(4);
        assertThat(ledger.invisibleWithin1sRatio()).isEqualTo(0.75);
        assertThat(ledger.delayMillis().max()).isBetween(1_990.0, 2_010.0);
    }

    @Test
    void readsTheVersionOfTheRowAndNoOther() {
        assertThat(Judge.version(answer("{\"id\":1,\"version\":12,\"item\":9,\"slept\":0}", OptionalLong.empty())))
                .isEqualTo(12);
        assertThat(Judge.version(answer("{\"id\":1,\"version\":7}", OptionalLong.empty())))
                .isEqualTo(7);
        assertThat(Judge.version(new Answer(
                        false,
                        ByteString.EMPTY,
                        "node-1",
                        ServedFrom.MEMORY,
                        Duration.ZERO,
                        "",
                        OptionalLong.empty(),
                        false,
                        1)))
                .isEqualTo(RowHistory.ABSENT);
    }

    private void write(int second) {
        ledger.row(KEY.id()).begin(true);
        ledger.row(KEY.id()).committed(start + second * SECOND);
    }

    private long read(long version, int second) {
        return judge.judge(reading(version, second, OptionalLong.empty()));
    }

    private Reading reading(long version, int second, OptionalLong bound) {
        return new Reading(
                KEY,
                Path.REPLICA,
                "node-1",
                start + second * SECOND,
                answer("{\"id\":2,\"version\":" + version + "}", bound));
    }

    private static Answer answer(String text, OptionalLong bound) {
        return new Answer(
                true,
                ByteString.copyFromUtf8(text),
                "node-1",
                ServedFrom.REPLICA,
                Duration.ofMillis(5),
                "",
                bound,
                false,
                1);
    }
}
