package io.sluice.cli.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.sync.Delays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What makes {@code bench coherence} end with status 1. */
final class ComplaintsTest {
    @Test
    void etcdAwayMayCostATenthOfTheHits() {
        assertThat(etcdAway(0.95, 0.86, 0).complaint()).isEmpty();
        assertThat(etcdAway(0.95, 0.85, 0).complaint())
                .contains("answered 85.0 %")
                .contains("95.0 % before");
        assertThat(etcdAway(0.95, 0.95, 1).complaint()).contains("1 were older than they said");
    }

    @Test
    void aNodeThatIsCutOffIsQuietByItsUnleasedStalenessAndTwoSeconds() {
        assertThat(cutOff(7.0, 10, 0).complaint()).isEmpty();
        assertThat(cutOff(7.1, 10, 0).complaint()).contains("still answered 7.1 s after the cut");
        assertThat(cutOff(0, 0, 0).complaint()).contains("nothing is shown");
        assertThat(cutOff(1, 10, 1).complaint()).contains("1 were older than they said");
    }

    private static EtcdAway.Outcome etcdAway(double before, double during, long beyondBound) {
        return new EtcdAway.Outcome(before, during, 0, outcome(beyondBound));
    }

    private static CutOff.Outcome cutOff(double quietAfter, long answersBefore, long beyondBound) {
        return new CutOff.Outcome(quietAfter, answersBefore, 5, 1, 1, outcome(beyondBound));
    }

    private static CoherenceOutcome outcome(long beyondBound) {
        return new CoherenceOutcome(
                10,
                10,
                0,
                0,
                0,
                0,
                1,
                0.9,
                new Delays().percentiles(),
                0,
                10,
                beyondBound,
                0,
                Map.of(),
                Map.of(),
                10,
                10,
                10,
                List.of(),
                "");
    }
}
