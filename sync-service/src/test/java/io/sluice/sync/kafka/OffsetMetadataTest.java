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

        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of(), Map.of()), rules))
                .isEmpty();
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of("g1"), Map.of()), rules))
                .containsExactly("g1");
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of(), Map.of()), rules(3, "2m")))
                .containsExactly("g0");
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(rules, Set.of(), Map.of()), rules(4, "1m")))
                .containsExactly("g3");
    }

    @Test
    void namesTheServersOfTheSources() {
        Rules rules = rules(2, "1m");
        Map<String, String> servers = Map.of("app", "3e11fa47-71ca-11e1-9e33-c80aa9429562", "other", "several");

        String text = OffsetMetadata.of(rules, Set.of("g1"), servers);

        assertThat(OffsetMetadata.serversIn(text)).isEqualTo(servers);
        assertThat(OffsetMetadata.missing(text, rules)).containsExactly("g1");
        Rules more = rules(OffsetMetadata.MAX_GROUPS + 1, "1m");
        String ofMany = OffsetMetadata.of(more, Set.of(), servers);
        assertThat(OffsetMetadata.missing(ofMany, more)).isEmpty();
        assertThat(OffsetMetadata.serversIn(ofMany)).isEqualTo(servers);
        assertThat(OffsetMetadata.serversIn("another program's app=x")).isEmpty();
        assertThat(OffsetMetadata.serversIn(null)).isEmpty();
    }

    @Test
    void tooManyServersAreLeftOutRatherThanHaveKafkaRefuseTheOffset() {
        Map<String, String> servers = IntStream.range(0, 100)
                .boxed()
                .collect(Collectors.toMap(i -> "source" + i, i -> "3e11fa47-71ca-11e1-9e33-c80aa9429562"));
        String text = OffsetMetadata.of(rules(OffsetMetadata.MAX_GROUPS, "1m"), Set.of(), servers);
        assertThat(text).hasSizeLessThan(4_096);
        assertThat(OffsetMetadata.serversIn(text)).isEmpty();
    }

    @Test
    void aTextThatIsNotUnderstoodSaysNothing() {
        for (String text : new String[] {null, "", "whatever", "sluice1:***", "sluice1:AAAA", "sluice1*", "sluice2:"}) {
            assertThat(OffsetMetadata.missing(text, rules(2, "1m"))).as(text).containsExactlyInAnyOrder("g0", "g1");
        }
    }

    @Test
    void manyGroupsStayFarBelowWhatKafkaKeeps() {
        assertThat(OffsetMetadata.of(rules(OffsetMetadata.MAX_GROUPS, "1m"), Set.of(), Map.of()))
                .hasSizeBetween(1_000, 1_200);
        Rules more = rules(OffsetMetadata.MAX_GROUPS + 1, "1m");
        assertThat(OffsetMetadata.of(more, Set.of(), Map.of())).hasSizeLessThan(100);
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(more, Set.of(), Map.of()), more))
                .isEmpty();
        assertThat(OffsetMetadata.missing(OffsetMetadata.of(more, Set.of("g1"), Map.of()), more))
                .hasSize(OffsetMetadata.MAX_GROUPS + 1);
        assertThat(OffsetMetadata.missing(
                        OffsetMetadata.of(more, Set.of(), Map.of()), rules(OffsetMetadata.MAX_GROUPS + 1, "2m")))
                .hasSize(OffsetMetadata.MAX_GROUPS + 1);
    }
}
