package io.sluice.sync.lost;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import io.sluice.sync.heartbeat.PrimaryState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class SourceHistoryTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "f0000000-0000-0000-8000-00000000000b";
    private static final String MAX = "9223372036854775806";

    private final List<String> losses = new ArrayList<>();
    private final SourceHistory history = new SourceHistory(
            "app", (source, loss, leftBehind) -> losses.add(loss + (leftBehind.isUnknown() ? "" : " " + leftBehind)));
    private long xaCommits;
    private long revision = 1;

    private void beat(String server, String executed, String streamed, String floors) {
        history.beat(
                new PrimaryState(SourcePosition.parse(executed), server, xaCommits),
                new SourceHistory.Known(
                        SourcePosition.parse(streamed), SourcePosition.parse(floors), revision, history.demanded()));
    }

    @Test
    void aPrimaryThatOnlyGrowsLosesNothing() {
        Random random = new Random(3);
        int executed = 10;
        for (int i = 0; i < 1_000; i++) {
            int before = executed;
            executed += random.nextInt(5);
            beat(A, A + ":1-" + executed, A + ":1-" + (1 + random.nextInt(before)), A + ":1-7");
        }
        assertThat(losses).isEmpty();
        assertThat(history.phantoms().isUnknown()).isTrue();
        assertThat(history.isStreamAhead()).isFalse();
    }

    @Test
    void whoBeginsGoesByTheServerThatCommittedOffsetsName() {
        history.resumed(A);
        history.resumed(A);
        assertThat(history.lastServer()).isEqualTo(A);
        beat(B, A + ":1-10," + B + ":1-2", A + ":1-9", A + ":1-9," + B + ":1");
        assertThat(losses).containsExactly("SERVER_CHANGED");
        assertThat(history.lastServer()).isEqualTo(B);

        history.resumed(A);
        beat(B, A + ":1-10," + B + ":1-3", A + ":1-9", "");
        assertThat(losses).as("it knows by itself").hasSize(1);
        assertThat(history.lastServer()).isEqualTo(B);
    }

    @Test
    void whoBeginsOnTheServerThatOffsetsNameHasLostNothing() {
        history.resumed(A);
        beat(A, A + ":1-10", A + ":1-9", B + ":1");
        assertThat(losses).isEmpty();
    }

    /** One of the two has yet to hear of a failover, or of the next one, back again. */
    @Test
    void offsetsThatNameTwoServersAreAsGoodAsOfAnother() {
        history.resumed(A);
        history.resumed(B);
        assertThat(history.lastServer()).isEqualTo(SourceHistory.SEVERAL);
        beat(A, A + ":1-10", A + ":1-9", "");
        assertThat(losses).containsExactly("SERVER_CHANGED");
    }

    /** Else offsets that name the new server would be committed over what has yet to be cleared. */
    @Test
    void theNewServerIsNamedOnlyOnceTheChangeIsTold() {
        List<String> named = new ArrayList<>();
        AtomicReference<SourceHistory> self = new AtomicReference<>();
        SourceHistory other = new SourceHistory(
                "app", (source, loss, leftBehind) -> named.add(self.get().lastServer()));
        self.set(other);
        other.resumed(A);
        other.beat(
                new PrimaryState(SourcePosition.parse(B + ":1"), B, 0),
                new SourceHistory.Known(SourcePosition.UNKNOWN, SourcePosition.UNKNOWN, 1, SourcePosition.UNKNOWN));
        assertThat(named).containsExactly(A);
        assertThat(other.lastServer()).isEqualTo(B);
    }

    @Test
    void aResetIsNoticedOnceAndWhatIsLeftBehindIsEverythingOfItsOwnThatThePrimaryLacks() {
        beat(A, A + ":1-1000", A + ":1-990", "");
        beat(A, A + ":1-3", A + ":1-990", "");
        beat(A, A + ":1-5", A + ":1-990", "");
        beat(A, A + ":1-7", "", "");

        assertThat(losses).containsExactly("SHRUNK " + A + ":4-" + MAX);
        assertThat(history.phantoms().isUnknown())
                .as("the numbers are given away again")
                .isTrue();
    }

    @Test
    void aResetWhileNobodyLookedIsNoticedByTheStreamOrByTheRings() {
        beat(A, A + ":1-3", A + ":1-990", "");
        assertThat(losses).containsExactly("SHRUNK " + A + ":4-" + MAX);
        assertThat(history.isStreamAhead()).isTrue();

        SourceHistory other = new SourceHistory("app", (source, loss, leftBehind) -> losses.add("" + loss));
        losses.clear();
        other.beat(
                new PrimaryState(SourcePosition.parse(A + ":1-3"), A, 0),
                new SourceHistory.Known(
                        SourcePosition.UNKNOWN, SourcePosition.parse(A + ":1-900"), 1, SourcePosition.UNKNOWN));
        assertThat(losses).containsExactly("SHRUNK");
    }

    /** Removes of the earlier history, still in the topic, have raised again what had been taken down. */
    @Test
    void whileThePrimaryLacksSomethingAStreamThatGoesBackOrARingThatChangesIsAResetOnceMore() {
        beat(A, A + ":1-3", A + ":1-990", "");
        losses.clear();
        beat(A, A + ":1-5", A + ":1-990", "");
        assertThat(losses).isEmpty();

        history.wentBack();
        beat(A, A + ":1-6", A + ":1-990", "");
        assertThat(losses).containsExactly("SHRUNK " + A + ":7-" + MAX);

        revision++;
        beat(A, A + ":1-7", A + ":1-990", "");
        assertThat(losses).hasSize(1);
        beat(A, A + ":1-8", "", A + ":1-900");
        assertThat(losses).hasSize(2);
    }

    @Test
    void aReplayOfTheNewHistoryIsNoResetWhileARingStillNamesTheEarlierOne() {
        beat(A, A + ":1-3", "", A + ":1-900");
        losses.clear();
        history.wentBack();
        beat(A, A + ":1-9", A + ":1-3", A + ":1-900");
        assertThat(losses).isEmpty();
    }

    @Test
    void aReplayBeforeAResetDoesNotCount() {
        beat(A, A + ":1-3", A + ":1-2", "");
        history.wentBack();
        beat(A, A + ":1-4", A + ":1-2", "");
        assertThat(losses).isEmpty();
    }

    @Test
    void aFailoverThatLostTransactionsMakesPhantomsOfThoseOfTheOtherServerInTwoBeats() {
        beat(A, A + ":1-1000", A + ":1-1000", "");
        beat(B, A + ":1-998," + B + ":1-2", A + ":1-1000", A + ":1-990");
        assertThat(losses).containsExactly("SERVER_CHANGED");
        assertThat(history.phantoms().isUnknown()).isTrue();

        beat(B, A + ":1-998," + B + ":1-3", A + ":1-1000", A + ":1-990");
        assertThat(history.phantoms()).isEqualTo(SourcePosition.parse(A + ":999-1000"));
        assertThat(losses).hasSize(1);
    }

    @Test
    void phantomsThatComeAfterAllAreALoss() {
        beat(B, A + ":1-998," + B + ":1-2", A + ":1-1000", "");
        beat(B, A + ":1-998," + B + ":1-3", A + ":1-1000", "");
        beat(B, A + ":1-1000," + B + ":1-4", A + ":1-1000", "");
        assertThat(losses).containsExactly("PHANTOMS_CAME");
        assertThat(history.phantoms().isUnknown()).isTrue();
    }

    /** Canal follows another server than the one that is written to, and is a moment ahead of it. */
    @Test
    void whatIsThereWithTheNextBeatWasNoPhantom() {
        beat(A, A + ":1-10," + B + ":1-4", B + ":1-5", "");
        beat(A, A + ":1-11," + B + ":1-5", B + ":1-6", "");
        beat(A, A + ":1-12," + B + ":1-6", B + ":1-6", "");
        assertThat(history.phantoms().isUnknown()).isTrue();
        assertThat(losses).isEmpty();
    }

    @Test
    void ofAFailoverWhileNobodyLookedTheRingsTell() {
        beat(B, A + ":1-998," + B + ":1-2", "", A + ":1-990");
        assertThat(losses).containsExactly("SERVER_CHANGED");
    }

    @Test
    void aServerThatTheStreamNamesNewlyCountsOnceForAllPartitions() {
        history.namesAnotherServer(Set.of(A, B));
        history.namesAnotherServer(Set.of(A, B));
        assertThat(losses).containsExactly("SERVER_CHANGED");
    }

    @Test
    void xaTransactionsThatWereCommittedAreALossAlsoBeforeTheFirstBeat() {
        xaCommits = 4;
        beat(A, A + ":1-3", "", "");
        beat(A, A + ":1-4", "", "");
        assertThat(losses).containsExactly("XA_UNSEEN");
        xaCommits = 6;
        beat(A, A + ":1-9", "", "");
        assertThat(losses).containsExactly("XA_UNSEEN", "XA_COMMIT");
        xaCommits = 0;
        beat(A, A + ":1-10", "", "");
        assertThat(losses).as("the server was started again").hasSize(3);
    }

    /** H was read for a resync or a ring right before its last transactions were lost, and no event ever named them. */
    @Test
    void whatNodesWereToldToDemandIsAPhantomForAsLongAsThePrimaryLacksIt() {
        beat(A, A + ":1-10", A + ":1-10", "");
        history.demands(SourcePosition.parse(A + ":1-12"));
        beat(B, A + ":1-10," + B + ":1-3", A + ":1-10", A + ":1-13");
        beat(B, A + ":1-10," + B + ":1-4", A + ":1-10", "");
        assertThat(history.phantoms()).hasToString(A + ":11-13");

        beat(B, A + ":1-10," + B + ":1-9", A + ":1-10," + B + ":1-9", "");
        assertThat(history.phantoms()).hasToString(A + ":11-13");
    }

    /** A node that is told of by the new primary's own Removes is ahead of what an earlier heartbeat has read. */
    @Test
    void whatNodesDemandCountsFromTheNextHeartbeatThatBegins() {
        beat(B, A + ":1-10," + B + ":1-3", "", "");
        SourceHistory.Known before =
                new SourceHistory.Known(SourcePosition.UNKNOWN, SourcePosition.UNKNOWN, revision, history.demanded());
        history.demands(SourcePosition.parse(A + ":1-11"));
        history.beat(new PrimaryState(SourcePosition.parse(A + ":1-10," + B + ":1-4"), B, xaCommits), before);
        beat(B, A + ":1-10," + B + ":1-5", "", "");
        assertThat(history.phantoms().isUnknown()).isTrue();

        beat(B, A + ":1-10," + B + ":1-6", "", "");
        assertThat(history.phantoms()).hasToString(A + ":11");
    }
}
