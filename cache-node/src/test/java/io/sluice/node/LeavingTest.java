package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.node.fake.Parked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LeavingTest {
    private static final Leaving LONG = new Leaving(Duration.ofSeconds(7), Duration.ofMinutes(10));

    private final CountDownLatch hurry = new CountDownLatch(1);
    private final List<Duration> waits = new ArrayList<>();

    @Test
    void nodeLingersWhenTheOthersHaveTakenOver() throws Exception {
        Future<?> leaving = Parked.caller(() -> {
            LONG.leave(waits::add, hurry);
            return null;
        });

        assertThat(leaving.isDone()).isFalse();
        assertThat(waits).containsExactly(Duration.ofSeconds(7));

        hurry.countDown();
        leaving.get();
    }

    @Test
    void nodeDoesNotLingerWhenNobodyHasTakenOver() {
        LONG.leave(wait -> false, hurry);
    }

    @Test
    void withoutLingeringItGoesWhenTheOthersHaveTakenOver() {
        new Leaving(Duration.ZERO, Duration.ZERO).leave(waits::add, hurry);

        assertThat(waits).containsExactly(Duration.ZERO);
    }
}
