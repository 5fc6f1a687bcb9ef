package io.sluice.coherence;

import static io.sluice.coherence.Positions.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.PolledPosition.Poll;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PolledPositionTest {
    private final PolledPosition polled = new PolledPosition();
    private final List<SourcePosition> goneBy = new ArrayList<>();

    @Test
    void isTheStampOfALoadThatBeginsSoonAfterOnTheSameServer() {
        polled.polled(new Poll(new Moment(100, 0), "a", upTo(5)));
        assertThat(forLoad("a", 150, true)).isEqualTo(upTo(5));
        assertThat(goneBy).containsExactly(upTo(5));
    }

    @Test
    void isNotThatOfALoadFromAnotherServer() {
        polled.polled(new Poll(new Moment(100, 0), "a", upTo(5)));
        assertThat(forLoad("b", 150, true)).isNull();
        assertThat(goneBy).isEmpty();
    }

    @Test
    void isNotUsedWhenItIsOldForgottenOrOfAServerWithoutTransactions() {
        assertThat(forLoad("a", 150, true)).isNull();
        polled.polled(new Poll(new Moment(100, 0), "a", upTo(5)));
        assertThat(forLoad("a", 201, true)).isNull();
        polled.polled(new Poll(new Moment(200, 0), "a", SourcePosition.UNKNOWN));
        assertThat(forLoad("a", 201, true)).isNull();
        polled.polled(new Poll(new Moment(200, 0), "a", upTo(6)));
        assertThat(forLoad("a", 201, true)).isEqualTo(upTo(6));
        polled.forget();
        assertThat(forLoad("a", 201, true)).isNull();
    }

    @Test
    void isNotUsedWhereTheLoadMayNotGoByIt() {
        polled.polled(new Poll(new Moment(100, 0), "a", upTo(5)));
        assertThat(forLoad("a", 150, false)).isNull();
        assertThat(goneBy).containsExactly(upTo(5));
    }

    private @Nullable SourcePosition forLoad(String server, long nowNanos, boolean may) {
        return polled.forLoad(server, nowNanos, 100, stamp -> {
            goneBy.add(stamp);
            return may;
        });
    }
}
