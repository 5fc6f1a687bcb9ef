package io.sluice.cli.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.coherence.Settled.Place;
import io.sluice.cli.coherence.judge.RowKey;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettledTest {
    private static final Place ONE = new Place(0, new RowKey("item", 1));
    private static final Place OTHER_WAY = new Place(1, new RowKey("item", 1));
    private static final Place OTHER_KEY = new Place(0, new RowKey("item", 2));

    @Test
    void whatStaysStaleCountsOnceAndWhatIsStaleInOneReadingCounts() {
        Settled first = new Settled(Set.of(ONE, OTHER_WAY, OTHER_KEY), Set.of(ONE), Map.of(ONE, "old"));
        Settled second = new Settled(
                Set.of(ONE, OTHER_WAY, OTHER_KEY), Set.of(ONE, OTHER_WAY), Map.of(ONE, "old", OTHER_WAY, "old"));

        Settled both = first.and(second);

        assertThat(both.stale()).containsOnlyKeys(ONE, OTHER_WAY);
        assertThat(both.compared()).hasSize(3);
        assertThat(both.fromMemory()).hasSize(2);
    }
}
