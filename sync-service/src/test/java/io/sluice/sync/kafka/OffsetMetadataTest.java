package io.sluice.sync.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.Rules;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OffsetMetadataTest {
    private static Rules rules(int groups, String ttlOfTheFirst) {
        return Rules.parse(
                "rules.yaml",
                "version: 1\nsources: { app: { jdbc-url: \"jdbc:mysql://db:3306/app\", username: u } }\ngroups:\n"
                        + IntStream.range(0, groups)
                                .mapToObj(i -> "  g" + i + ": { source: app, key: \"{id}\", ttl: "
                                        + (i == 0 ? ttlOfTheFirst : "1m") + " }\n")
                                .collect(Collectors.joining()),
                Map.of());
    }

    @Test
    void namesTheGroupsThatHaveChangedOrAreNotClearedYet() {
        Rules rules = rules(3, "1m");

        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of()), rules))
                .isEmpty();
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of("g1")), rules))
                .containsExactly("g1");
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of()), rules(3, "2m")))
                .containsExactly("g0");
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of()), rules(4, "1m")))
                .containsExactly("g3");
    }

    @Test
    void aTextThatIsNotUnderstoodSaysNothing() {
        for (String text : new String[] {null, "", "whatever", "sluice1:***", "sluice1:AAAA", "sluice1*", "sluice2:"}) {
            assertThat(OffsetMetadata.missing(text, rules(2, "1m"))).as(text).containsExactlyInAnyOrder("g0", "g1");
        }
    }

    @Test
    void manyGroupsStayFarBelowWhatKafkaKeeps() {
        assertThat(OffsetMetadata.of(rules(OffsetMetadata.MAX_GROUPS, "1m"), Set.of()))
                .hasSizeBetween(1_000, 1_200);
        Rules more = rules(OffsetMetadata.MAX_GROUPS + 1, "1m");
        assertThat(OffsetMetadata.of(more, Set.of())).hasSizeLessThan(100);
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(more, Set.of()), more))
                .isEmpty();
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(more, Set.of("g1")), more))
                .hasSize(OffsetMetadata.MAX_GROUPS + 1);
        assertThat(OffsetMetadata.missing(
                        OffsetMetadata.of(more, Set.of()), rules(OffsetMetadata.MAX_GROUPS + 1, "2m")))
                .hasSize(OffsetMetadata.MAX_GROUPS + 1);
    }
}
