package io.sluice.sync.lost;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sluice.coherence.SourcePosition;
import io.sluice.sync.metrics.SyncMetrics;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LostSourcesTest {
    private static final SourcePosition NOTHING = SourcePosition.UNKNOWN;
    private static final SourcePosition OLD = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:7-9");

    private final LostSources lost = new LostSources(new SyncMetrics(new PrometheusRegistry()));
    private long now = -1;

    private boolean due() {
        return lost.takeDue(now).containsKey("app");
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void theFirstIsDueAtOnceAndTheSourceIsOpenUntilItIsCleared() {
        assertThat(due()).isFalse();
        lost.add("app", Loss.INCOMPARABLE, NOTHING);
        assertThat(lost.isOpen("app")).isTrue();
        assertThat(lost.isOpen("other")).isFalse();
        assertThat(due()).isTrue();
        assertThat(lost.isOpen("app")).isTrue();
        lost.cleared(Set.of("app"));
        assertThat(lost.isOpen("app")).isFalse();
    }

    @Test
    void whatComesDuringAClearingWaitsForOneThatBeginsLater() {
        lost.add("app", Loss.INCOMPARABLE, NOTHING);
        assertThat(due()).isTrue();
        lost.add("app", Loss.SHRUNK, OLD);
        lost.add("app", Loss.SHRUNK, NOTHING);
        pass(LostSources.SHORTEST);
        assertThat(due()).as("while one runs").isFalse();
        lost.cleared(Set.of("app"));
        assertThat(lost.open()).containsExactly("app");
        assertThat(lost.takeDue(now)).containsEntry("app", OLD);
        lost.cleared(Set.of("app"));
        assertThat(lost.open()).isEmpty();
    }

    @Test
    void aStormIsClearedForNowAndThen() {
        int clearings = 0;
        for (int i = 0; i < 600; i++) {
            lost.add("app", Loss.INCOMPARABLE, NOTHING);
            if (due()) {
                clearings++;
                lost.cleared(Set.of("app"));
            }
            pass(Duration.ofMillis(100));
        }
        assertThat(clearings).isEqualTo(6);
    }

    @Test
    void aStreamWithoutPositionsIsClearedForLessAndLessOften() {
        int clearings = 0;
        for (int i = 0; i < 3_600; i++) {
            lost.add("app", Loss.NO_POSITION, NOTHING);
            if (due()) {
                clearings++;
                lost.cleared(Set.of("app"));
            }
            pass(Duration.ofSeconds(1));
        }
        assertThat(clearings).isBetween(14, 18);
        pass(LostSources.LONGEST);
        assertThat(due()).isTrue();
        lost.cleared(Set.of("app"));
        lost.add("app", Loss.NO_POSITION, NOTHING);
        pass(LostSources.SHORTEST);
        assertThat(due()).isFalse();
        lost.add("app", Loss.SHRUNK, NOTHING);
        assertThat(due())
                .as("what is no mere lack of a position does not wait as long")
                .isTrue();
    }

    /** It is counted when it begins; what it makes visible may come after the first clearing. */
    @Test
    void anXaCommitIsClearedForTwice() {
        lost.add("app", Loss.XA_COMMIT, NOTHING);
        assertThat(due()).isTrue();
        lost.cleared(Set.of("app"));
        assertThat(lost.isOpen("app")).isTrue();
        assertThat(due()).isFalse();
        pass(LostSources.SHORTEST);
        assertThat(due()).isTrue();
        lost.cleared(Set.of("app"));
        assertThat(lost.isOpen("app")).isFalse();
    }
}
