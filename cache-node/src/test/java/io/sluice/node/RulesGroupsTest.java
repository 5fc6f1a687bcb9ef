package io.sluice.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.coherence.Clocks;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.config.ConfigFile;
import io.sluice.mapping.Rules;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.StalenessBounds;
import io.sluice.node.record.FlightRecorder;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the groups of a node whose rules change. The database is not there. */
final class RulesGroupsTest {
    private static final String STUDENT =
            "  student: { source: app, key: \"{id}\", load: \"SELECT id FROM students WHERE id = :id\" }\n";
    private static final String ROSTER = "  roster: { source: app, key: \"{class_id}\", ttl: 1m }\n";

    private final Resources resources = new Resources();
    private final List<CacheGroup> arrived = new ArrayList<>();
    private long now = 1_000_000_000;

    @AfterEach
    void close() {
        resources.close();
    }

    private static Rules rules(String groups) {
        return rules("arrival", groups);
    }

    private static Rules rules(String coherence, String groups) {
        return Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://127.0.0.1:1/app", username: u, coherence: %s }
                groups:
                %s""".formatted(coherence, groups), Map.of());
    }

    private RulesGroups open(String more, Rules rules) {
        NodeConfig config = ConfigFile.parse(
                "node.yaml",
                "{name: n1, rules: r, cluster: {members: [\"n1=127.0.0.1:1\"]}, loads: { connect-timeout: 250ms }"
                        + more + "}",
                NodeConfig.class,
                Map.of());
        return new RulesGroups(
                config,
                rules,
                new AppliedPositions(() -> new Moment(now, 0), new StalenessBounds()),
                FlightRecorder.off(),
                resources,
                Clocks.by(() -> now));
    }

    private static CacheGroup group(RulesGroups opened, String name) {
        return requireNonNull(opened.groups().find(name));
    }

    private PutResult put(CacheGroup group, String key) {
        return group.store().put(group.storeKey(key), CacheEntry.missing(FakeSource.at(3), now, now + 60_000_000_000L));
    }

    private static boolean holds(CacheGroup group, String key) {
        return group.store().peek(group.storeKey(key)) != null;
    }

    @Test
    void aGroupThatIsTheSameStaysWithWhatItHoldsAndOneThatChangesIsCleared() {
        RulesGroups opened = open("", rules(STUDENT + ROSTER));
        CacheGroup student = group(opened, "student");
        CacheGroup roster = group(opened, "roster");
        put(student, "1");
        put(roster, "1");

        opened.take(rules(ROSTER.replace("1m", "2m") + STUDENT), arrived::add);

        assertThat(group(opened, "student")).isSameAs(student);
        assertThat(student.isCurrent()).isTrue();
        assertThat(holds(student, "1")).isTrue();
        CacheGroup changed = group(opened, "roster");
        assertThat(changed.definition()).isNotEqualTo(roster.definition());
        assertThat(roster.isCurrent()).isFalse();
        assertThat(holds(changed, "1")).isFalse();
        assertThat(arrived).isEmpty();
        assertThat(put(changed, "1")).as("no time in which nothing is kept").isEqualTo(PutResult.STORED);
    }

    @Test
    void aGroupThatChangesKeepsWhatItsFenceKnows() {
        RulesGroups opened = open("", rules("gtid", ROSTER));
        CacheGroup roster = group(opened, "roster");
        roster.store().remove(roster.storeKey("1"), FakeSource.at(4));

        opened.take(rules("gtid", ROSTER.replace("1m", "2m")), arrived::add);

        assertThat(put(group(opened, "roster"), "1")).isEqualTo(PutResult.REFUSED);
    }

    @Test
    void aGroupThatGoesIsNotFoundAndItsMemoryIsFree() {
        RulesGroups opened = open("", rules(STUDENT + ROSTER));
        CacheGroup roster = group(opened, "roster");
        put(roster, "1");

        opened.take(rules(STUDENT), arrived::add);

        assertThat(opened.groups().find("roster")).isNull();
        assertThat(roster.isCurrent()).isFalse();
        assertThat(roster.store().stats().entries()).isZero();
        assertThat(put(roster, "1")).isNotEqualTo(PutResult.STORED);
    }

    @Test
    void aGroupThatComesKeepsNothingForAMomentAndNothingOlderThanWhatItMissed() {
        RulesGroups opened = open("", rules("gtid", STUDENT));
        assertThat(opened.groups().findToRemove("roster", FakeSource.at(4))).isNull();

        opened.take(rules("gtid", STUDENT + ROSTER), arrived::add);

        CacheGroup roster = group(opened, "roster");
        assertThat(arrived).containsExactly(roster);
        assertThat(put(roster, "1")).as("a Remove may have come a moment ago").isEqualTo(PutResult.REFUSED);
        now += 10_000_000_000L;
        assertThat(opened.groups().missedBy("roster")).isEqualTo(FakeSource.at(4));
        assertThat(opened.groups().missedBy("roster")).isEqualTo(SourcePosition.UNKNOWN);
        assertThat(put(roster, "1")).isEqualTo(PutResult.STORED);
    }

    @Test
    void rulesThatTheConfigurationOfTheNodeForbidsChangeNothing() {
        RulesGroups opened = open(", store: { groups: { student: 1MiB } }", rules(STUDENT + ROSTER));
        CacheGroup student = group(opened, "student");
        put(student, "1");

        assertThatThrownBy(() -> opened.take(rules(ROSTER), arrived::add))
                .hasMessageContaining("store.groups names student");

        assertThat(group(opened, "student")).isSameAs(student);
        assertThat(student.isCurrent()).isTrue();
        assertThat(holds(student, "1")).isTrue();
    }

    @Test
    void aSourceAtAnotherPlaceClearsItsGroups() {
        RulesGroups opened = open("", rules(STUDENT));
        CacheGroup student = group(opened, "student");
        put(student, "1");
        Rules moved = Rules.parse("rules.yaml", """
                version: 1
                sources:
                  app: { jdbc-url: "jdbc:mysql://localhost:1/app", username: u, coherence: arrival }
                groups:
                """ + STUDENT, Map.of());

        opened.take(moved, arrived::add);

        CacheGroup now = group(opened, "student");
        assertThat(now.definition()).as("the same to other nodes").isEqualTo(student.definition());
        assertThat(student.isCurrent()).isFalse();
        assertThat(holds(now, "1")).isFalse();
    }
}
