package io.sluice.node.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.SourcePosition;
import io.sluice.store.PutResult;
import io.sluice.store.RemoveResult;
import io.sluice.store.StoreEvents;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FlightRecorderTest {
    private static final SourcePosition FIVE = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");
    private static final long GROUP = FlightRecorder.hashOfGroup("student");

    private long now = 1_000;
    private final FlightRecorder recorder = new FlightRecorder(160, () -> now);

    @Test
    void tellsWhatHappenedToAKeyInOrderAndNothingOfOthers() {
        recorder.note(7, KeyEvent.LOAD, FIVE, "");
        recorder.note(8, KeyEvent.LOAD, FIVE, "");
        now = 1_005;
        recorder.note(7, KeyEvent.COPY, FIVE, "node-2");

        List<FlightRecorder.Noted> found = recorder.find(7);

        assertThat(found).extracting(FlightRecorder.Noted::event).containsExactly(KeyEvent.LOAD, KeyEvent.COPY);
        assertThat(found).extracting(FlightRecorder.Noted::atMillis).containsExactly(1_000L, 1_005L);
        assertThat(found.get(1).peer()).isEqualTo("node-2");
        assertThat(found.get(1).position()).isEqualTo(FIVE);
    }

    @Test
    void theHistoryOfAKeyIsMergedWithThatOfItsGroupInTheOrderInWhichItHappened() {
        StoreEvents store = recorder.of("student");
        store.offered(7, FIVE, PutResult.STORED);
        store.groupRemoved(FIVE);
        store.offered(7, FIVE, PutResult.REFUSED);
        store.floorRaised(FIVE);
        store.removed(7, FIVE, RemoveResult.COVERED);
        store.gone(7, FIVE, StoreEvents.Gone.EVICTED);

        assertThat(recorder.find(7, GROUP))
                .extracting(FlightRecorder.Noted::event)
                .containsExactly(
                        KeyEvent.ADMIT,
                        KeyEvent.REMOVE,
                        KeyEvent.REFUSE,
                        KeyEvent.FLOOR,
                        KeyEvent.COVER,
                        KeyEvent.EVICT);
    }

    @Test
    void theOldestEventsAreForgottenAndTheSizeIsNeverExceeded() {
        for (int i = 0; i < 10_000; i++) {
            recorder.note(i, KeyEvent.REMOVE, FIVE, "");
        }

        int known = IntStream.range(0, 10_000)
                .map(hash -> recorder.find(hash).size())
                .sum();
        assertThat(known).isEqualTo(160);
        assertThat(recorder.find(9_999)).hasSize(1);
        assertThat(recorder.find(0)).isEmpty();
    }

    @Test
    void aPositionThatTakesMuchRoomIsLeftOut() {
        String many = IntStream.range(0, 1_000)
                .mapToObj(i -> Integer.toString(1 + 2 * i))
                .collect(Collectors.joining(":", "3e11fa47-71ca-11e1-9e33-c80aa9429562:", ""));
        recorder.note(7, KeyEvent.REMOVE, SourcePosition.parse(many), "");

        assertThat(recorder.find(7).getFirst().position().isUnknown()).isTrue();
    }

    @Test
    void switchedOffItNotesNothing() {
        FlightRecorder off = FlightRecorder.off();
        off.note(7, KeyEvent.LOAD, FIVE, "");

        assertThat(off.find(7)).isEmpty();
        assertThat(off.of("student")).isSameAs(StoreEvents.NONE);
        assertThatThrownBy(() -> new FlightRecorder(-1, () -> now)).hasMessageContaining("recorder.events is -1");
    }
}
