package io.sluice.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fence against a model that forgets nothing and judges every Remove on its own. */
final class FenceModelTest {
    private static final long HOLD = 20;

    private record Removed(long key, SourcePosition position, long at) {
        boolean admits(SourcePosition stamp, long loadStart) {
            boolean byTime = position.isUnknown() || stamp.isUnknown();
            return byTime ? loadStart - at > HOLD : stamp.covers(position);
        }
    }

    @Test
    void judgesExactlyLikeTheModelWhileItRemembersAll() {
        int admitted = 0;
        for (int seed = 0; seed < 500; seed++) {
            admitted += compare(seed, new FenceLimits(100, Duration.ofDays(1), Duration.ofNanos(HOLD)), true);
        }
        assertThat(admitted).isPositive();
    }

    @Test
    void neverAdmitsWhatTheModelRefusesHoweverMuchItForgot() {
        int admitted = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            Duration age = Duration.ofNanos(1 + seed % 200);
            admitted += compare(seed, new FenceLimits(1 + seed % 5, age, Duration.ofNanos(HOLD)), false);
        }
        assertThat(admitted).isPositive();
    }

    private static int compare(int seed, FenceLimits limits, boolean exactly) {
        Random random = new Random(seed);
        Fence fence = new Fence(limits);
        List<Removed> model = new ArrayList<>();
        int admitted = 0;
        long now = random.nextLong();
        for (int step = 0; step < 200; step++) {
            now += random.nextInt(5);
            long key = random.nextInt(12);
            if (random.nextInt(3) == 0) {
                SourcePosition position = position(random);
                fence.record(key, position, now);
                model.add(new Removed(key, position, now));
                assertThat(fence.size()).isLessThanOrEqualTo(limits.maxRecords());
            } else {
                SourcePosition stamp = position(random);
                long loadStart = now - random.nextInt(60);
                boolean expected = model.stream().filter(r -> r.key == key).allMatch(r -> r.admits(stamp, loadStart));
                boolean actual = fence.admits(key, stamp, loadStart, now, Barrier.NONE);
                assertThat(actual && !expected)
                        .as("seed %d step %d: let in", seed, step)
                        .isFalse();
                if (exactly) {
                    assertThat(actual).as("seed %d step %d", seed, step).isEqualTo(expected);
                }
                admitted += actual ? 1 : 0;
            }
        }
        return admitted;
    }

    private static SourcePosition position(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> SourcePosition.UNKNOWN;
            case 1 -> SourcePosition.parse(Positions.randomText(random));
            default -> Positions.upTo(1 + random.nextInt(30));
        };
    }
}
