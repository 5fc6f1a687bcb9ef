package io.sluice.store.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each policy is for. */
final class PolicyBehaviourTest {
    @ParameterizedTest
    @EnumSource
    void isFoundByItsName(PolicyKind kind) {
        assertThat(PolicyKind.named(kind.toString())).isSameAs(kind);
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheNames() {
        assertThatThrownBy(() -> PolicyKind.named("clock"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no eviction policy is called 'clock': use one of lru, lfu, fifo, arc, s3-fifo, w-tinylfu");
    }

    @Test
    void lfuLetsGoOfWhatWasPopularLongAgo() {
        PolicyCache cache = new PolicyCache(PolicyKind.LFU, 10);
        for (int use = 0; use < 1_000; use++) {
            cache.request(0, 1);
        }
        LongStream.rangeClosed(1, 400).forEach(key -> cache.request(key, 1));
        assertThat(cache.held).containsKey(0L);
        LongStream.rangeClosed(401, 800).forEach(key -> cache.request(key, 1));
        assertThat(cache.held).doesNotContainKey(0L);
    }

    @Test
    void arcGivesT1MoreOnAHitInB1AndLessOnOneInB2() {
        List<ArcPolicy> made = new ArrayList<>();
        PolicyCache cache = new PolicyCache(
                ranks -> {
                    made.add(new ArcPolicy(ranks, 4));
                    return made.getFirst();
                },
                4);
        ArcPolicy arc = made.getFirst();
        LongStream.of(1, 2, 1, 2, 3, 4, 5, 6).forEach(key -> cache.request(key, 1));
        assertThat(arc.target()).isZero();
        cache.request(3, 1);
        assertThat(arc.target()).isEqualTo(1);
        LongStream.of(5, 6, 7, 8).forEach(key -> cache.request(key, 1));
        double before = arc.target();
        assertThat(before).isPositive();
        cache.request(2, 1);
        assertThat(arc.target()).isLessThan(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARC", "S3_FIFO", "W_TINYLFU"})
    void aScanDoesNotWashOutWhatIsUsedOften(PolicyKind kind) {
        PolicyCache cache = new PolicyCache(kind, 100);
        for (int round = 0; round < 20; round++) {
            LongStream.range(0, 50).forEach(key -> cache.request(key, 1));
        }
        LongStream.range(1_000, 2_000).forEach(key -> cache.request(key, 1));
        assertThat(LongStream.range(0, 50)
                        .filter(key -> cache.held.containsKey(key))
                        .count())
                .isGreaterThan(45);
    }

    @Test
    void aSketchThatGrowsForgetsNothing() {
        FrequencySketch sketch = new FrequencySketch();
        LongStream.range(0, 40)
                .forEach(hash -> LongStream.rangeClosed(0, hash % 9).forEach(i -> sketch.increment(hash)));
        sketch.ensureRoomFor(5_000);
        assertThat(sketch.length()).isEqualTo(4_096);
        LongStream.range(0, 40)
                .forEach(hash -> assertThat(sketch.estimate(hash)).isGreaterThanOrEqualTo((int) (hash % 9) + 1));
        assertThat(sketch.estimate(4_711)).isZero();
    }

    @Test
    void aSketchCountsToFifteenAndHalves() {
        FrequencySketch sketch = new FrequencySketch();
        LongStream.range(0, 100).forEach(i -> sketch.increment(7));
        assertThat(sketch.estimate(7)).isEqualTo(15);
        sketch.age();
        assertThat(sketch.estimate(7)).isEqualTo(7);
    }

    @Test
    void theWindowGrowsForABurstyLoadAndStaysWithinItsBounds() {
        WindowClimber climber = new WindowClimber();
        assertThat(climber.share()).isEqualTo(WindowClimber.LEAST_SHARE);
        for (int sample = 0; sample < 100; sample++) {
            boolean better = climber.share() < 0.5;
            for (int i = 0; i < 10; i++) {
                climber.requested(i < (better ? 100 * climber.share() / 10 : 3), 10);
            }
            assertThat(climber.share()).isBetween(WindowClimber.LEAST_SHARE, WindowClimber.MOST_SHARE);
        }
    }
}
