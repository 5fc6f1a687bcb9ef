package io.sluice.sync.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.alibaba.otter.canal.protocol.CanalEntry;
import com.alibaba.otter.canal.protocol.CanalPacket;
import com.google.protobuf.ByteString;
import io.sluice.mapping.RowChange;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Batches as Canal makes them; records of the real one are in ChangeFormatsTest. */
class CanalProtobufTest {
    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562:";

    private final CanalProtobuf source = new CanalProtobuf(4096);

    @Test
    void everyTransactionOfARecordHasItsOwnPosition() throws Exception {
        DecodedRecord record = source.decode(packet(
                insert("1-5", "students", "1"),
                mark(CanalEntry.EntryType.TRANSACTIONEND, "1-5"),
                insert("1-6", "students", "2"),
                insert("1-6", "classes", "3"),
                xaCommit("1-7"),
                insert("1-8", "students", "4")));
        assertThat(record.transactions())
                .extracting(DecodedRecord::position)
                .containsExactly(SERVER + "1-5", SERVER + "1-6", "", SERVER + "1-8");
        assertThat(record.transactions().get(1).changes())
                .extracting(RowChange::table)
                .containsExactly("students", "classes");
    }

    @Test
    void marksAloneAreNoChange() throws Exception {
        DecodedRecord record = source.decode(packet(
                mark(CanalEntry.EntryType.TRANSACTIONBEGIN, "1-5"),
                mark(CanalEntry.EntryType.GTIDLOG, "1-5"),
                mark(CanalEntry.EntryType.TRANSACTIONEND, "1-5"),
                mark(CanalEntry.EntryType.HEARTBEAT, "1-5")));
        assertThat(record).isEqualTo(new DecodedRecord(SERVER + "1-5", List.of()));
    }

    @Test
    void anUpdateOfTheKeyHasBothImages() throws Exception {
        RowChange change = only(update(
                List.of(column("id", "1"), column("name", "a")), List.of(column("id", "10"), column("name", "a"))));
        assertThat(change)
                .isEqualTo(RowChange.update(
                        "app",
                        "students",
                        Map.of("id", "bigint", "name", "bigint"),
                        Map.of("id", "10", "name", "a"),
                        Map.of("id", "1")));
    }

    @Test
    void partialImagesAreUnmappable() throws Exception {
        assertThat(only(update(List.of(column("id", "1")), List.of(column("name", "a")))))
                .isInstanceOf(RowChange.Unmappable.class);
        assertThat(only(update(List.of(), List.of(column("id", "1"))))).isInstanceOf(RowChange.Unmappable.class);
        assertThat(only(update(List.of(column("id", "1")), List.of()))).isInstanceOf(RowChange.Unmappable.class);
    }

    @Test
    void anEntryThatCannotBeReadClearsItsTableAndTheOthersCount() throws Exception {
        CanalEntry.Entry broken = insert("1-5", "classes", "1").toBuilder()
                .setStoreValue(ByteString.copyFrom("\u0001\u0002\u0003", UTF_8))
                .build();
        List<RowChange> changes =
                source.decode(packet(broken, insert("1-5", "students", "1"))).changes();
        assertThat(changes.getFirst()).isInstanceOf(RowChange.Unmappable.class);
        assertThat(changes.getFirst().table()).isEqualTo("classes");
        assertThat(changes.get(1)).isInstanceOf(RowChange.Row.class);
    }

    @Test
    void aRecordOverTheLimitClearsAllItsTables() throws Exception {
        DecodedRecord record = source.decode(
                packet(insert("1-5", "students", "x".repeat(3000)), insert("1-5", "classes", "x".repeat(3000))));
        assertThat(record.position()).isEqualTo(SERVER + "1-5");
        assertThat(record.changes())
                .allMatch(RowChange.Unmappable.class::isInstance)
                .extracting(RowChange::table)
                .containsExactly("students", "classes");
    }

    @Test
    void namesInADefinitionBelongToTheDatabaseOfTheSession() throws Exception {
        CanalEntry.RowChange drop = CanalEntry.RowChange.newBuilder()
                .setIsDdl(true)
                .setEventType(CanalEntry.EventType.ERASE)
                .setSql("DROP TABLE app.students, classes")
                .setDdlSchemaName("other")
                .build();
        assertThat(source.decode(packet(entry("1-5", "students", CanalEntry.EventType.ERASE, drop)))
                        .changes())
                .containsExactly(
                        new RowChange.Definition("app", "students", drop.getSql()),
                        new RowChange.Definition("other", "", drop.getSql()));
    }

    @Test
    void whatIsNoPacketOfEntriesIsMalformed() {
        assertThat(kind(new byte[0])).isEqualTo(Kind.EMPTY);
        assertThat(kind("no protobuf at all".getBytes(UTF_8))).isEqualTo(Kind.UNPARSABLE);
        assertThat(kind(packet())).isEqualTo(Kind.UNEXPECTED_SHAPE);
        assertThat(kind(CanalPacket.Packet.newBuilder()
                        .setType(CanalPacket.PacketType.ACK)
                        .build()
                        .toByteArray()))
                .isEqualTo(Kind.UNPARSABLE);
    }

    private Kind kind(byte[] value) {
        return catchThrowableOfType(MalformedRecordException.class, () -> source.decode(value))
                .kind();
    }

    private RowChange only(CanalEntry.Entry entry) throws MalformedRecordException {
        return source.decode(packet(entry)).changes().getFirst();
    }

    private static byte[] packet(CanalEntry.Entry... entries) {
        CanalPacket.Messages.Builder messages = CanalPacket.Messages.newBuilder();
        for (CanalEntry.Entry entry : entries) {
            messages.addMessages(entry.toByteString());
        }
        return CanalPacket.Packet.newBuilder()
                .setType(CanalPacket.PacketType.MESSAGES)
                .setBody(messages.build().toByteString())
                .build()
                .toByteArray();
    }

    private static CanalEntry.Entry mark(CanalEntry.EntryType type, String gtids) {
        return CanalEntry.Entry.newBuilder()
                .setEntryType(type)
                .setHeader(CanalEntry.Header.newBuilder().setGtid(SERVER + gtids))
                .build();
    }

    private static CanalEntry.Entry xaCommit(String gtids) {
        return entry(
                gtids,
                "",
                CanalEntry.EventType.XACOMMIT,
                CanalEntry.RowChange.newBuilder()
                        .setEventType(CanalEntry.EventType.XACOMMIT)
                        .build());
    }

    private static CanalEntry.Entry insert(String gtids, String table, String id) {
        CanalEntry.RowData row = CanalEntry.RowData.newBuilder()
                .addAfterColumns(column("id", id))
                .build();
        return entry(gtids, table, CanalEntry.EventType.INSERT, rows(CanalEntry.EventType.INSERT, row));
    }

    private static CanalEntry.Entry update(List<CanalEntry.Column> before, List<CanalEntry.Column> after) {
        CanalEntry.RowData row = CanalEntry.RowData.newBuilder()
                .addAllBeforeColumns(before)
                .addAllAfterColumns(after)
                .build();
        return entry("1-5", "students", CanalEntry.EventType.UPDATE, rows(CanalEntry.EventType.UPDATE, row));
    }

    private static CanalEntry.RowChange rows(CanalEntry.EventType type, CanalEntry.RowData row) {
        return CanalEntry.RowChange.newBuilder()
                .setEventType(type)
                .addRowDatas(row)
                .build();
    }

    private static CanalEntry.Column column(String name, String value) {
        return CanalEntry.Column.newBuilder()
                .setName(name)
                .setValue(value)
                .setMysqlType("bigint")
                .build();
    }

    private static CanalEntry.Entry entry(
            String gtids, String table, CanalEntry.EventType type, CanalEntry.RowChange change) {
        return CanalEntry.Entry.newBuilder()
                .setEntryType(CanalEntry.EntryType.ROWDATA)
                .setHeader(CanalEntry.Header.newBuilder()
                        .setGtid(SERVER + gtids)
                        .setSchemaName(table.isEmpty() ? "" : "app")
                        .setTableName(table)
                        .setEventType(type))
                .setStoreValue(change.toByteString())
                .build();
    }
}
