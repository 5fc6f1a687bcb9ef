package io.sluice.coherence;

import static io.sluice.coherence.Positions.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PolledPositionTest {
    private final PolledPosition polled = new PolledPosition();
    private final List<SourcePosition> goneBy = new ArrayList<>();

    @Test
    void isTheStampOfALoadThatBeginsSoonAfterOnTheSameServer() {
        poll(100, "a", upTo(5));
        assertThat(forLoad("a", 150, true)).isEqualTo(upTo(5));
        assertThat(goneBy).containsExactly(upTo(5));
    }

    @Test
    void isNotThatOfALoadFromAnotherServer() {
        poll(100, "a", upTo(5));
        assertThat(forLoad("b", 150, true)).isNull();
        assertThat(goneBy).isEmpty();
    }

    @Test
    void isNotUsedWhenItIsOldForgottenOrOfAServerWithoutTransactions() {
        assertThat(forLoad("a", 150, true)).isNull();
        poll(100, "a", upTo(5));
        assertThat(forLoad("a", 201, true)).isNull();
        poll(200, "a", SourcePosition.UNKNOWN);
        assertThat(forLoad("a", 201, true)).isNull();
        poll(200, "a", upTo(6));
        assertThat(forLoad("a", 201, true)).isEqualTo(upTo(6));
        polled.forget();
        assertThat(forLoad("a", 201, true)).isNull();
    }

    @Test
    void isNotUsedWhereTheLoadMayNotGoByIt() {
        poll(100, "a", upTo(5));
        assertThat(forLoad("a", 150, false)).isNull();
        assertThat(goneBy).containsExactly(upTo(5));
    }

    @Test
    void serverThatIsDoubtfulIsNotTakenForThePrimary() {
        assertThat(polled.primary()).isNull();
        poll(100, "a", upTo(5));
        poll(200, "b", SourcePosition.UNKNOWN);
        assertThat(polled.primary()).isEqualTo("a");
        polled.forget();
        assertThat(polled.primary()).isEqualTo("a");
        poll(300, "b", upTo(5));
        assertThat(polled.primary()).isEqualTo("b");
    }

    private void poll(long sentNanos, String server, SourcePosition executed) {
        polled.polled(new SourcePoll(new Moment(sentNanos, 0), SourcePosition.UNKNOWN, server, executed, true));
    }

    private @Nullable SourcePosition forLoad(String server, long nowNanos, boolean may) {
        return polled.forLoad(server, nowNanos, 100, stamp -> {
            goneBy.add(stamp);
            return may;
        });
    }
}
