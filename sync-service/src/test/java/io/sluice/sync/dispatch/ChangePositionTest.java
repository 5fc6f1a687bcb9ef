package io.sluice.sync.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChangePositionTest {
    private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String B = "9a1c2b84-0c55-11ef-8d1a-0242ac120003";

    @Test
    void aGreaterLastNumberIsALaterPosition() {
        String earlier = A + ":1-5:7-9," + B + ":1-99";
        for (String later : new String[] {A + ":1-5:7-9," + B + ":1-100", A + ":1-5:7-9," + B + ":1-102"}) {
            ChangePosition grown = requireNonNull(ChangePosition.parse(earlier).grownTo(later), later);
            assertThat(grown.text()).isEqualTo(later);
            assertThat(SourcePosition.parse(later).covers(SourcePosition.parse(earlier)))
                    .isTrue();
            assertThat(grown.standsFor(ChangePosition.parse(earlier))).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A:1-9 | A:1-8",
                "A:1-9 | A:1-9",
                "A:9 | A:10",
                "A:1-9 | B:1-10",
                "A:1-9 | A:1-9,B:1-10",
                "A:1-9 | A:2-10",
                "A:1-9 | A:1-",
                "A:1-9 | A:1-010",
                "A:1-09 | A:1-10",
                "A:1-9 | 10",
                "no-9 | no-10",
                "9 | 10",
                "A:1-9:11-12 | A:1-9:13-14"
            })
    void anythingElseHasToBeRead(String earlier, String later) {
        assertThat(ChangePosition.parse(real(earlier)).grownTo(real(later))).isNull();
    }

    @Test
    void nothingGrowsFromNoPosition() {
        assertThat(ChangePosition.NONE.grownTo("5")).isNull();
        assertThat(ChangePosition.parse("").union(ChangePosition.parse(A + ":1")))
                .isNull();
    }

    private static String real(String text) {
        return text.replace("A", A).replace("B", B);
    }
}
