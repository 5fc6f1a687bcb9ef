package io.sluice.cli.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    private long now = 1_000;
    private final Samples samples = new Samples(2, 3, () -> now);

    private Samples.Taken changed(String key) {
        return samples.changed("item", key, "", 0);
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    @Test
    void takesNoMoreThanItsRateHoweverManyChange() {
        int taken = 0;
        for (int i = 0; i < 1_000; i++) {
            Samples.Taken one = changed("key" + i);
            taken += one.sample() == null ? 0 : 1;
            if (one.sample() != null) {
                samples.done(requireNonNull(one.sample()));
            }
            pass(10);
        }

        assertThat(taken).isBetween(19, 21);
    }

    @Test
    void whatWasNotTakenIsNotSavedUp() {
        pass(60_000);

        assertThat(changed("a").sample()).isNotNull();
        assertThat(changed("b").sample()).isNull();
    }

    @Test
    void watchesNoMoreThanItsLimit() {
        for (String key : new String[] {"a", "b", "c"}) {
            assertThat(changed(key).sample()).isNotNull();
            pass(500);
        }

        assertThat(changed("d").sample()).isNull();
        assertThat(samples.size()).isEqualTo(3);
    }

    @Test
    void theNewestChangeOfAKeyTakesThePlaceOfTheOneBefore() {
        Sample first = requireNonNull(changed("a").sample());
        pass(500);
        Samples.Taken second = changed("a");

        assertThat(first.isSuperseded()).isTrue();
        assertThat(second.superseded()).isTrue();
        assertThat(requireNonNull(second.sample()).isSuperseded()).isFalse();

        Samples.Taken third = changed("a");
        assertThat(requireNonNull(second.sample()).isSuperseded())
                .as("also by a change that is not taken")
                .isTrue();
        assertThat(third.sample()).isNull();
        assertThat(samples.size()).as("both are watched on").isEqualTo(2);
        samples.clear();
        assertThat(first.isCancelled()).isTrue();
        assertThat(samples.size()).isZero();
    }

    @Test
    void aSampleThatIsDoneDoesNotEndTheWatchOfTheNext() {
        Sample first = requireNonNull(changed("a").sample());
        pass(500);
        Sample second = requireNonNull(changed("a").sample());

        samples.done(first);

        assertThat(samples.size()).isEqualTo(1);
        changed("a");
        assertThat(second.isSuperseded()).isTrue();
    }
}
