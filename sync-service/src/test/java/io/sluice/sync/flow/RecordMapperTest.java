package io.sluice.sync.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mapping.Cause;
import io.sluice.mapping.Invalidation;
import io.sluice.mapping.RowChange;
import io.sluice.mapping.Rules;
import io.sluice.sync.dispatch.Removal;
import io.sluice.sync.heartbeat.HeartbeatTable;
import io.sluice.sync.source.CanalFlatJson;
import io.sluice.sync.source.DecodedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordMapperTest {
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-17";
    private static final String EARLIER = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-16";
    private static final Rules RULES = Rules.parse("rules.yaml", """
            version: 1
            sources:
              app: { jdbc-url: "jdbc:mysql://127.0.0.1:3306/app", username: u, password: p, coherence: gtid }
            groups:
              student: { source: app, key: "{id}", load: "SELECT id FROM students WHERE id = :id", ttl: 10m, negative-ttl: 5s }
              roster: { source: app, key: "{class_id}", load: "SELECT id FROM students WHERE class_id = :class_id", rows: many, ttl: 10m, negative-ttl: 5s }
              search: { source: app, key: "{city}/{query}", tags: ["city:{city}"] }
            invalidate:
              - table: app.students
                keys:
                  - { group: student, key: "{id}" }
                  - { group: roster, key: "{class_id}" }
              - table: app.places
                keys: [ { group: search, tag: "city:{city}" } ]
            """, Map.of());

    private static final HeartbeatTable BEATS = HeartbeatTable.parse("app.beats");

    private final RecordMapper mapper = new RecordMapper(new CanalFlatJson(1 << 20), RULES, BEATS);

    @Test
    void bothImagesOfAnUpdateAreRemovedEachKeyOnce() {
        MappedRecord mapped = map("UPDATE", "[{\"id\":\"10\",\"class_id\":\"3\"}]", "[{\"id\":\"1\"}]", GTID);
        assertThat(mapped.problem()).isNull();
        assertThat(mapped.removals())
                .containsExactlyInAnyOrder(
                        Removal.ofKey("student", "10", GTID),
                        Removal.ofKey("student", "1", GTID),
                        Removal.ofKey("roster", "3", GTID));
    }

    private static final RecordMapper EFFECTS =
            new RecordMapper(new CanalFlatJson(1 << 20), Rules.parse("rules.yaml", """
                    version: 1
                    sources:
                      app: { jdbc-url: "jdbc:mysql://127.0.0.1:3306/app", username: u }
                    groups:
                      student: { source: app, key: "{id}" }
                      courses-of: { source: app, key: "{student_id}" }
                    invalidate:
                      - table: app.students
                        keys:
                          - { group: student, key: "{id}", again-after: 2s }
                          - { group: courses-of, key: "{student_id}", query: "SELECT student_id FROM e WHERE c = :class_id" }
                    """, Map.of()), BEATS);

    @Test
    void queriesAreAskedOnceForARecordAndSecondRemovalsRemembered() {
        String rows = "[{\"id\":\"1\",\"class_id\":\"3\"},{\"id\":\"2\",\"class_id\":\"3\"}]";
        MappedRecord mapped = EFFECTS.map(json("INSERT", rows, "null", GTID));
        assertThat(mapped.removals())
                .containsExactly(Removal.ofKey("student", "1", GTID), Removal.ofKey("student", "2", GTID));
        assertThat(mapped.again()).containsOnlyKeys(mapped.removals()).containsValue(Duration.ofSeconds(2));
        assertThat(mapped.fanOuts()).singleElement().satisfies(request -> {
            assertThat(request.group()).isEqualTo("courses-of");
            assertThat(request.position()).isEqualTo(GTID);
            assertThat(request.fanOut().parameters()).containsExactly("3");
        });
        assertThat(mapped.invalidations())
                .hasSize(4)
                .extracting(Invalidation::cause)
                .containsOnly(Cause.INSERTED);
        assertThat(mapped.outcome()).isEqualTo("mapped");
    }

    @Test
    void aQueryWithoutPositionLacksOne() {
        MappedRecord mapped = EFFECTS.map(json("INSERT", "[{\"id\":null,\"class_id\":\"3\"}]", "null", ""));
        assertThat(mapped.removals()).isEmpty();
        assertThat(mapped.lacksPosition()).isTrue();
        assertThat(mapped.outcome()).isEqualTo("without_position");
    }

    @Test
    void whatCannotBeMappedTakesTheGroupsAndIsReported() {
        MappedRecord mapped = map("UPDATE", "[{\"note\":\"m\"}]", "[{}]", GTID);
        assertThat(mapped.removals())
                .containsExactlyInAnyOrder(Removal.ofGroup("student", GTID), Removal.ofGroup("roster", GTID));
        assertThat(mapped.problem()).extracting(Problem::kind).isEqualTo(Problem.UNMAPPABLE);
    }

    @Test
    void anUnreadablePositionIsNoPositionAndIsReported() {
        MappedRecord mapped = map("INSERT", "[{\"id\":\"1\",\"class_id\":\"3\"}]", "null", "nonsense");
        assertThat(mapped.removals())
                .containsExactlyInAnyOrder(Removal.ofKey("student", "1", ""), Removal.ofKey("roster", "3", ""));
        assertThat(mapped.problem()).extracting(Problem::kind).isEqualTo(Problem.BAD_POSITION);
    }

    @Test
    void bothTagsOfARowThatMovesAreRemoved() {
        String json = "{\"type\":\"UPDATE\",\"database\":\"app\",\"table\":\"places\",\"gtid\":\"" + GTID
                + "\",\"mysqlType\":{\"city\":\"varchar(20)\"},\"data\":[{\"city\":\"Rome\"}],\"old\":[{\"city\":\"Oslo\"}]}";
        assertThat(mapper.map(json.getBytes(UTF_8)).removals())
                .containsExactlyInAnyOrder(
                        Removal.ofTag("search", "city:Rome", GTID), Removal.ofTag("search", "city:Oslo", GTID));
    }

    @Test
    void everyTransactionOfARecordRemovesAtItsOwnPosition() {
        DecodedRecord second = new DecodedRecord(GTID, List.of(insertOf("2"), insertOf("1")));
        DecodedRecord third = new DecodedRecord("nonsense", List.of(insertOf("3")));
        DecodedRecord record = new DecodedRecord(EARLIER, List.of(insertOf("1")), List.of(second, third));
        MappedRecord mapped = new RecordMapper(value -> record, RULES, HeartbeatTable.DEFAULT).map(new byte[] {1});
        assertThat(mapped.removals())
                .filteredOn(removal -> removal.group().equals("student"))
                .containsExactly(
                        Removal.ofKey("student", "1", EARLIER),
                        Removal.ofKey("student", "2", GTID),
                        Removal.ofKey("student", "1", GTID),
                        Removal.ofKey("student", "3", ""));
        assertThat(mapped.problem()).extracting(Problem::kind).isEqualTo(Problem.BAD_POSITION);
    }

    private static RowChange insertOf(String id) {
        return RowChange.insert(
                "app", "students", Map.of("id", "bigint", "class_id", "int"), Map.of("id", id, "class_id", "3"));
    }

    @Test
    void tablesWithoutRulesAskForNothing() {
        byte[] json = "{\"type\":\"INSERT\",\"database\":\"app\",\"table\":\"other\",\"data\":[{\"id\":\"1\"}]}"
                .getBytes(UTF_8);
        assertThat(mapper.map(json)).isEqualTo(new MappedRecord(List.of(), null));
    }

    @Test
    void heartbeatsAskForNothingInTheDatabaseOfTheRulesEither() {
        String creation = "CREATE TABLE IF NOT EXISTS `app`.`beats` (id INT UNSIGNED NOT NULL PRIMARY KEY,"
                + " instance VARCHAR(128) NOT NULL, beat BIGINT UNSIGNED NOT NULL, written DATETIME(3) NOT NULL)"
                + " ENGINE=InnoDB";
        for (String json : List.of(
                "{\"type\":\"INSERT\",\"database\":\"app\",\"table\":\"beats\",\"data\":[{\"id\":\"0\"}]}",
                "{\"type\":\"UPDATE\",\"database\":\"app\",\"table\":\"beats\",\"data\":[{\"beat\":\"2\"}],\"old\":[{}]}",
                "{\"type\":\"CREATE\",\"isDdl\":true,\"database\":\"app\",\"table\":\"beats\",\"sql\":\"" + creation
                        + "\"}")) {
            assertThat(mapper.map(json.getBytes(UTF_8))).isEqualTo(new MappedRecord(List.of(), null));
        }
    }

    @Test
    void aDefinitionThatNamesTheHeartbeatTableAndAnotherTakesTheGroups() {
        String json = "{\"type\":\"ERASE\",\"isDdl\":true,\"database\":\"app\",\"table\":\"beats\",\"gtid\":\"" + GTID
                + "\",\"sql\":\"DROP TABLE app.beats, app.students\"}";
        assertThat(mapper.map(json.getBytes(UTF_8)).removals())
                .containsExactlyInAnyOrder(Removal.ofGroup("student", GTID), Removal.ofGroup("roster", GTID));
    }

    @Test
    void noValueAtAllIsAProblemAndNoRemoval() {
        MappedRecord mapped = mapper.map(null);
        assertThat(mapped.removals()).isEmpty();
        assertThat(mapped.problem()).extracting(Problem::kind).isEqualTo("empty");
    }

    private MappedRecord map(String type, String data, String old, String gtid) {
        return mapper.map(json(type, data, old, gtid));
    }

    private static byte[] json(String type, String data, String old, String gtid) {
        return ("{\"data\":" + data + ",\"database\":\"app\",\"gtid\":\"" + gtid
                        + "\",\"isDdl\":false,\"mysqlType\":{\"id\":\"bigint\",\"class_id\":\"int\"},\"old\":" + old
                        + ",\"table\":\"students\",\"type\":\"" + type + "\"}")
                .getBytes(UTF_8);
    }
}
