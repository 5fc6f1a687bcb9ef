package io.sluice.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.coherence.SourcePosition;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ChangeMessagesTest {
    private static final int SOME = 2_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ChangeMessages messages = new ChangeMessages();

    @Test
    void everyRowHasAnotherKeyAndEveryMessageALaterPosition() {
        Set<String> keys = new HashSet<>();
        int rows = 0;
        SourcePosition before = SourcePosition.UNKNOWN;
        for (int number = 0; number < SOME; number++) {
            JsonNode message = JSON.readTree(messages.message(number));
            assertThat(message.get("data").size())
                    .isEqualTo(ChangeMessages.rows(number))
                    .isEqualTo(message.get("old").size());
            for (JsonNode row : message.get("data")) {
                keys.add(row.get("id").asString());
                rows++;
            }
            assertThat(message.get("data").get(0).get("id").asString()).isEqualTo(ChangeMessages.key(number, 0));
            SourcePosition position = SourcePosition.parse(message.get("gtid").asString());
            assertThat(before.isUnknown() || position.covers(before)).isTrue();
            assertThat(before.covers(position)).isFalse();
            before = position;
        }
        assertThat(keys).hasSize(rows);
        assertThat(rows).isGreaterThan(SOME);
    }

    @Test
    void theOutcomeIsOneObjectWithTheNamesThatWereAskedFor() {
        Percentiles some = new Percentiles(1, 2, 3);
        JsonNode json = JSON.readTree(new SyncOutcome(100_000, some, some, some).json());
        assertThat(json.get("rowsPerSecond").asDouble()).isEqualTo(100_000);
        for (String delay : new String[] {"addedDelayMillis", "commitToRemoveMillis"}) {
            assertThat(json.get(delay).get("p50").asDouble()).isEqualTo(1);
            assertThat(json.get(delay).get("p99").asDouble()).isEqualTo(2);
            assertThat(json.get(delay).get("max").asDouble()).isEqualTo(3);
        }
    }
}
