package io.sluice.coherence;

import static io.sluice.coherence.Positions.upTo;
import static io.sluice.coherence.SourcePosition.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.LeasedCopies.Asked;
import io.sluice.coherence.LeasedCopies.Copy;
import io.sluice.coherence.LeasedCopies.Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a holder keeps and for how long. Times are in milliseconds here. */
final class LeasedCopiesTest {
    private static final long WALL = 1_700_000_000_000L;

    private final LeasedCopies<String> copies = new LeasedCopies<>(3, 1_000);
    private final Stream stream = copies.begin();

    private boolean offer(Stream on, String key, String value, SourcePosition stamp, long asked, long now) {
        return copies.offer(
                new Asked(on, new Moment(nanos(asked), WALL + asked)),
                "g",
                key,
                value,
                stamp,
                10,
                1_000,
                nanos(now),
                WALL + now);
    }

    private @Nullable String find(String key, long now) {
        return find(key, now, now);
    }

    private @Nullable String find(String key, long now, long wall) {
        Copy<String> copy = copies.find("g", key, nanos(now), WALL + wall);
        return copy == null ? null : copy.value();
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }

    @Test
    void aCopyIsUsedUntilItsLeaseEndsCountedFromTheRequest() {
        assertThat(offer(stream, "a", "v", upTo(1), 100, 600)).isTrue();
        assertThat(find("a", 1_099)).isEqualTo("v");
        assertThat(find("a", 1_100)).isNull();
        assertThat(copies.find("other", "a", nanos(600), WALL)).isNull();
    }

    @Test
    void anAnswerThatTookLongerThanItsLeaseIsNotKept() {
        assertThat(offer(stream, "a", "v", upTo(1), 0, 1_000)).isFalse();
    }

    @Test
    void aSuspendedMachineEndsTheLeaseByTheWallClock() {
        offer(stream, "a", "v", upTo(1), 0, 10);
        assertThat(find("a", 20, 5_000)).isNull();
        assertThat(find("a", 20, -5_000)).isEqualTo("v");
    }

    @Test
    void withoutALeaseNothingIsKept() {
        Asked asked = new Asked(stream, new Moment(0, WALL));
        assertThat(copies.offer(asked, "g", "a", "v", upTo(1), 10, 0, 0, WALL)).isFalse();
        assertThat(copies.size()).isZero();
    }

    @Test
    void aRevokedCopyIsGone() {
        offer(stream, "a", "v", upTo(1), 0, 10);
        offer(stream, "b", "w", upTo(1), 0, 10);
        copies.revoke("g", List.of("a"), upTo(2), nanos(20));
        assertThat(find("a", 30)).isNull();
        assertThat(find("b", 30)).isEqualTo("w");
    }

    @Test
    void aCopyThatCoversTheRevocationStays() {
        offer(stream, "a", "v", upTo(2), 0, 10);
        copies.revoke("g", List.of("a"), upTo(2), nanos(20));
        assertThat(find("a", 30)).isEqualTo("v");
        copies.revoke("g", List.of("a"), UNKNOWN, nanos(30));
        assertThat(find("a", 40)).isNull();
    }

    @Test
    void aRevokedGroupIsGoneWhateverItCovers() {
        offer(stream, "a", "v", upTo(2), 0, 10);
        copies.revoke("g", List.of(), upTo(2), nanos(20));
        assertThat(find("a", 30)).isNull();
        assertThat(offer(stream, "a", "old", upTo(1), 5, 30)).isFalse();
        assertThat(offer(stream, "a", "new", upTo(2), 25, 30)).isTrue();
    }

    @Test
    void aLateCopyOfAnotherGranterIsNotKeptAfterTheRevocation() {
        Stream other = copies.begin();
        copies.revoke("g", List.of("a"), upTo(2), nanos(20));
        assertThat(offer(other, "a", "old", upTo(1), 25, 30)).isFalse();
        assertThat(offer(other, "b", "old", upTo(1), 25, 30)).isTrue();
        assertThat(offer(other, "a", "new", upTo(2), 10, 30)).isTrue();
    }

    @Test
    void withoutPositionsOnlyWhatWasAskedForAfterTheRevocationIsKept() {
        copies.revoke("g", List.of("a"), UNKNOWN, nanos(20));
        assertThat(offer(stream, "a", "old", UNKNOWN, 20, 30)).isFalse();
        assertThat(offer(stream, "a", "new", UNKNOWN, 21, 30)).isTrue();
    }

    @Test
    void aRevocationIsForgottenWhenNoLeaseOfThatTimeCanStand() {
        copies.revoke("g", List.of("a"), upTo(2), nanos(0));
        assertThat(offer(stream, "a", "v", upTo(1), 30_001, 30_001)).isFalse();
        assertThat(offer(stream, "a", "v", upTo(1), 60_003, 60_003)).isTrue();
    }

    @Test
    void manyRevocationsDoNotKeepEverythingOut() {
        for (int i = 0; i < 3 * RevocationFence.MOST_RECORDS; i++) {
            copies.revoke("g", List.of("k" + i), upTo(9), nanos(1));
        }
        assertThat(offer(stream, "a", "v", upTo(1), 2, 3)).isTrue();
        assertThat(offer(stream, "k" + (3 * RevocationFence.MOST_RECORDS - 1), "v", upTo(1), 2, 3))
                .isFalse();
    }

    @Test
    void allCopiesOfAStreamGoWhenItEnds() {
        Stream other = copies.begin();
        offer(stream, "a", "v", upTo(1), 0, 10);
        offer(other, "b", "w", upTo(1), 0, 10);
        copies.end(stream);
        assertThat(find("a", 20)).isNull();
        assertThat(find("b", 20)).isEqualTo("w");
        assertThat(copies.size()).isEqualTo(1);
    }

    @Test
    void whatWasAskedOnAStreamThatEndedIsNotKept() {
        copies.end(stream);
        assertThat(offer(stream, "a", "v", upTo(1), 0, 10)).isFalse();
    }

    @Test
    void anOlderAnswerDoesNotReplaceAFresherCopy() {
        Stream other = copies.begin();
        offer(stream, "a", "new", upTo(5), 0, 10);
        assertThat(offer(other, "a", "old", upTo(4), 5, 10)).isFalse();
        assertThat(find("a", 20)).isEqualTo("new");
        assertThat(offer(other, "a", "same", upTo(5), 5, 10)).isTrue();
        // The fresher one is over.
        assertThat(offer(stream, "a", "old", upTo(4), 1_200, 1_200)).isTrue();
    }

    @Test
    void theEldestMakesRoom() {
        offer(stream, "a", "1", upTo(1), 0, 0);
        offer(stream, "b", "2", upTo(1), 0, 0);
        offer(stream, "c", "3", upTo(1), 0, 0);
        offer(stream, "a", "4", upTo(1), 0, 0);
        offer(stream, "d", "5", upTo(1), 0, 0);
        assertThat(find("b", 10)).isNull();
        assertThat(find("a", 10)).isEqualTo("4");
        assertThat(copies.size()).isEqualTo(3);
    }

    @Test
    void thereIsRoomForMoreWhenLeasesHaveEnded() {
        offer(stream, "a", "1", upTo(1), 0, 0);
        offer(stream, "b", "2", upTo(1), 0, 0);
        assertThat(copies.hasRoom(0, WALL)).isTrue();
        offer(stream, "c", "3", upTo(1), 500, 500);
        assertThat(copies.hasRoom(nanos(999), WALL + 999)).isFalse();
        assertThat(copies.hasRoom(nanos(1_000), WALL + 1_000)).isTrue();
        assertThat(copies.size()).isEqualTo(1);
    }

    @Test
    void bytesAreBounded() {
        Asked asked = new Asked(stream, new Moment(0, WALL));
        assertThat(copies.offer(asked, "g", "a", "1", upTo(1), 600, 1_000, 0, WALL))
                .isTrue();
        assertThat(copies.offer(asked, "g", "b", "2", upTo(1), 500, 1_000, 0, WALL))
                .isTrue();
        assertThat(find("a", 10)).isNull();
        assertThat(find("b", 10)).isEqualTo("2");
        assertThat(copies.offer(asked, "g", "c", "3", upTo(1), 1_001, 1_000, 0, WALL))
                .isFalse();
    }

    @Test
    void whatIsForgottenIsGone() {
        offer(stream, "a", "v", upTo(1), 0, 0);
        offer(stream, "b", "w", upTo(1), 0, 0);
        copies.forget("g", "a");
        assertThat(find("a", 1)).isNull();
        copies.forget("g");
        assertThat(find("b", 1)).isNull();
        copies.forget("nothing");
    }
}
