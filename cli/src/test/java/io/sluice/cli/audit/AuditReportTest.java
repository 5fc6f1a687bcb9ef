package io.sluice.cli.audit;

import static io.sluice.cli.audit.Moments.at;
import static io.sluice.cli.audit.Moments.held;
import static io.sluice.cli.audit.Moments.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.audit.AuditReport.Outcome;
import io.sluice.cli.audit.AuditReport.Within;
import io.sluice.mapping.Rules;
import io.sluice.proto.v1.HistoryEvent;
import io.sluice.proto.v1.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AuditReportTest {
    private static final Duration ONE = Duration.ofSeconds(1);

    private final List<Violation> told = new ArrayList<>();
    private final AuditReport report = new AuditReport(List.of(ONE, Duration.ofSeconds(5)), told::add);
    private final SourceLoads loads = new SourceLoads(Rules.parse("rules.yaml", """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://127.0.0.1:1/app", username: u }
            groups:
              item: { source: app, key: "{id}", load: "SELECT id FROM items WHERE id = :id" }
              aside: { source: app, key: "{id}" }
            invalidate:
              - table: app.items
                keys: [ { group: item, key: "{id}" }, { group: aside, key: "{id}" } ]
            """, Map.of()));

    private static Violation violation(String key) {
        return new Violation(
                Verdict.Kind.FALSE_STAMP,
                "item",
                key,
                "node-1",
                1,
                at(10).toString(),
                held(1_000, 12, 700, "secret"),
                read(1_010, 14, "new"),
                988,
                1_000,
                1_040,
                Map.of(
                        "node-1",
                        List.of(HistoryEvent.newBuilder()
                                .setAtMillis(5)
                                .setEvent("copy")
                                .setPeer("node-2")
                                .setPosition(Position.newBuilder().setGtidSet(at(9).toString()))
                                .build())));
    }

    @Test
    void ninesAreCountedByWhatWasJudged() {
        assertThat(new Within(0, 0, 7).nines()).isZero();
        assertThat(new Within(5, 0, 0).nines()).isZero();
        assertThat(new Within(1_000, 0, 0).nines())
                .as("a thousand show no more")
                .isEqualTo(3);
        assertThat(new Within(999, 1, 0).nines()).isEqualTo(3);
        assertThat(new Within(998, 2, 0).nines()).isEqualTo(2);
        assertThat(new Within(0, 10, 0).nines()).isZero();
        assertThat(new Within(99, 1, 50).invisibleRatio()).isEqualTo(0.99);
    }

    @Test
    void theJsonObjectHasWhatTheDocumentationSaysAndNeitherKeysNorValues() {
        report.record(60);
        report.looked(ONE, Outcome.CURRENT);
        report.looked(ONE, Outcome.STALE);
        report.violation(violation("key-4711"));

        String text = new AuditJson(false).of(report.findings(), 12.5, "f00d", loads);
        JsonNode json = JsonMapper.builder().build().readTree(text);

        assertThat(text).doesNotContain("4711", "secret");
        assertThat(json.get("seconds").asDouble()).isEqualTo(12.5);
        assertThat(json.get("groups").toString()).isEqualTo("[\"item\"]");
        assertThat(json.get("notAudited").get("aside").asString()).contains("application");
        assertThat(json.get("within").get(0).toString())
                .isEqualTo(
                        "{\"seconds\":1.0,\"changes\":2,\"stale\":1,\"undecided\":0,\"invisibleRatio\":0.5,\"nines\":0}");
        JsonNode violation = json.get("violations").get(0);
        assertThat(violation.get("kind").asString()).isEqualTo("false-stamp");
        assertThat(violation.get("stampCoversChange").asBoolean()).isTrue();
        assertThat(violation.get("history").get("node-1").get(0).get("peer").asString())
                .isEqualTo("node-2");
        assertThat(new AuditJson(true).of(report.findings(), 1, "f00d", loads)).contains("\"key\":\"key-4711\"");
        assertThat(new AuditText(false).of(violation("key-4711")))
                .contains("false-stamp", "copy", "node-2")
                .doesNotContain("4711", "secret");
    }

    @Test
    void theSameViolationIsToldOnceAndTheNumberKeptIsBounded() {
        report.violation(violation("1"));
        report.violation(violation("1"));
        for (int i = 0; i < 200; i++) {
            report.violation(violation("more" + i));
        }

        assertThat(told).hasSize(AuditReport.MOST_KEPT);
        assertThat(report.findings().moreViolations()).isEqualTo(102);
        assertThat(report.findings().isClean()).isFalse();
    }

    @Test
    void whereNothingWasJudgedThatThereIsNoViolationSaysNothing() {
        assertThat(report.findings().isWorthless()).as("nothing was sampled").isTrue();
        report.abandoned(7);
        report.looked(ONE, Outcome.UNDECIDED);
        assertThat(report.findings().isWorthless()).isTrue();
        assertThat(new AuditText(false).of(report.findings(), 1, loads)).contains("nothing could be judged");
        report.looked(ONE, Outcome.CURRENT);
        assertThat(report.findings().isWorthless()).isFalse();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThat(AuditSettings.usuallyAllowed(List.of(ONE, Duration.ofSeconds(60))))
                .isEqualTo(Duration.ofSeconds(50));
        assertThatThrownBy(() -> new AuditSettings(List.of(ONE, ONE), ONE, 5, 10, Set.of(), 0))
                .hasMessageContaining("--after must ascend");
        assertThatThrownBy(() -> new AuditSettings(List.of(ONE), ONE, 0, 10, Set.of(), 0))
                .hasMessageContaining("--rate is 0");
    }
}
