package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.EtcdStore.Change;
import io.sluice.cluster.EtcdStore.Listing;
import io.sluice.cluster.EtcdStore.StoredMember;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberTableTest {
    private final MemberTable table = new MemberTable();

    static StoredMember record(String name, long revision) {
        return new StoredMember(name, MemberRecord.encode(Member.of("any", "h", 1)), 1, revision, revision);
    }

    @Test
    void recordRoundTripsWithTheCreatingRevisionAsIncarnation() {
        Member member = new Member("node-1", "10.0.0.1", 7400, 0, 3, "a");
        StoredMember stored = new StoredMember("node-1", MemberRecord.encode(member), 1, 42, 43);

        assertThat(MemberRecord.decode(stored)).isEqualTo(member.withIncarnation(42));
    }

    @Test
    void malformedRecordsAreNoMembersAndDoNotThrow() {
        List<String> wrong = List.of(
                "",
                "{",
                "[]",
                "7",
                "null",
                "{}",
                "{\"host\":\"h\"}",
                "{\"host\":\"h\",\"port\":\"1\"}",
                "{\"host\":\"h\",\"port\":99999}",
                "{\"host\":\"h\",\"port\":1,\"weight\":-1}",
                "{\"host\":\"h\",\"port\":1,\"weight\":\"x\",\"zone\":{}}x",
                "x".repeat(10_000));
        List<StoredMember> records = wrong.stream()
                .map(value -> new StoredMember("bad-" + wrong.indexOf(value), value, 1, 1, 1))
                .toList();

        assertThat(table.replace(new Listing(1, records), false)).isFalse();
        assertThat(table.replace(new Listing(2, List.of(record("a/b", 2), record("ok", 2))), false))
                .isTrue();
        assertThat(table.members()).extracting(Member::name).containsExactly("ok");
    }

    @Test
    void memberWhoseRecordBecomesMalformedLeaves() {
        table.replace(new Listing(1, List.of(record("a", 1))), false);

        assertThat(table.apply(new Change("a", 2, new StoredMember("a", "{", 1, 1, 2))))
                .isTrue();
        assertThat(table.members()).isEmpty();
    }

    @Test
    void eventsBringMembersAndTakeThemAway() {
        assertThat(table.apply(new Change("a", 2, record("a", 2)))).isTrue();
        assertThat(table.apply(new Change("a", 3, record("a", 2)))).isFalse();
        assertThat(table.apply(new Change("a", 4, null))).isTrue();
        assertThat(table.members()).isEmpty();
    }

    @Test
    void eventsOlderThanTheListingAreIgnored() {
        table.replace(new Listing(9, List.of(record("a", 5))), false);

        assertThat(table.apply(new Change("a", 4, null))).isFalse();
        assertThat(table.members()).hasSize(1);
    }

    @Test
    void listingThatKeepsMissingMembersOnlyAdds() {
        table.replace(new Listing(9, List.of(record("a", 5))), false);
        table.replace(new Listing(2, List.of(record("b", 2))), true);
        assertThat(table.members()).extracting(Member::name).containsExactlyInAnyOrder("a", "b");

        table.replace(new Listing(3, List.of(record("b", 2))), false);
        assertThat(table.members()).extracting(Member::name).containsExactly("b");
    }

    @Test
    void noticesAListingThatItsEventsDidNotTell() {
        table.replace(new Listing(9, List.of(record("a", 5))), false);

        assertThat(table.differsFrom(new Listing(12, List.of(record("a", 5))))).isFalse();
        assertThat(table.differsFrom(new Listing(12, List.of(record("a", 11))))).isTrue();
        assertThat(table.differsFrom(new Listing(12, List.of()))).isTrue();
    }
}
