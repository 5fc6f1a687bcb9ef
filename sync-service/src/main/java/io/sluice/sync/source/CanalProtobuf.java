package io.sluice.sync.source;

import com.alibaba.otter.canal.client.CanalMessageDeserializer;
import com.alibaba.otter.canal.protocol.CanalEntry;
import com.alibaba.otter.canal.protocol.Message;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.mapping.RowChange;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Canal's protobuf ({@code canal.mq.flatMessage=false}). One record is one batch: entries of several transactions and
 * tables, each of them a row event, a statement, or a mark such as the end of a transaction.
 *
 * <p>Each entry carries the cumulative GTID set up to and including its own transaction ({@code gtid} of its header,
 * which Canal's documentation calls the transaction's), so that the entries of one transaction have the same.
 *
 * <p>Stateless and safe for use by many threads. Invariant: an entry that cannot be read clears the groups of its
 * table, and the other entries of the record count all the same. A record larger than the limit clears the groups of
 * all its tables; their rows are not read.
 */
public final class CanalProtobuf implements ChangeSource {
    static {
        // Canal's classes are of an old generator, and the runtime says so in ten lines for each of them. What it warns
        // of is input that nests or repeats without end; ours comes from Canal and is limited in size.
        if (System.getProperty("com.google.protobuf.use_unsafe_pre22_gencode") == null) {
            System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
        }
    }

    private final int maxBytes;

    /** Of records of more than {@code maxBytes} bytes only the tables are read. */
    public CanalProtobuf(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public DecodedRecord decode(byte[] value) throws MalformedRecordException {
        if (value.length == 0) {
            throw malformed(Kind.EMPTY, "the record has no bytes");
        }
        List<DecodedRecord> transactions = new ArrayList<>();
        List<RowChange> changes = new ArrayList<>();
        String position = "";
        for (ByteString bytes : entries(value)) {
            CanalEntry.Entry entry = parsed(bytes);
            if (entry == null) {
                changes.add(new RowChange.Unmappable("", "", "an entry is no protobuf message of Canal's"));
                continue;
            }
            String next = CanalEntryReader.position(entry);
            if (!next.equals(position) && !changes.isEmpty()) {
                transactions.add(new DecodedRecord(position, changes));
                changes = new ArrayList<>();
            }
            position = next;
            changes.addAll(value.length > maxBytes ? tableOf(entry, value.length) : CanalEntryReader.changes(entry));
        }
        transactions.add(new DecodedRecord(position, changes));
        return DecodedRecord.of(transactions);
    }

    /** What a record holds, one by one, since each is to count whatever the others are. */
    private static List<ByteString> entries(byte[] value) throws MalformedRecordException {
        Message message;
        try {
            message = CanalMessageDeserializer.deserializer(value, true);
        } catch (RuntimeException e) {
            throw malformed(Kind.UNPARSABLE, "it is no uncompressed packet of Canal's messages");
        }
        if (message == null || message.getRawEntries().isEmpty()) {
            throw malformed(Kind.UNEXPECTED_SHAPE, "it has no entries");
        }
        return message.getRawEntries();
    }

    /** Null when it is none. */
    private static CanalEntry.@Nullable Entry parsed(ByteString entry) {
        try {
            return CanalEntry.Entry.parseFrom(entry);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private static List<RowChange> tableOf(CanalEntry.Entry entry, int bytes) {
        return CanalEntryReader.isMark(entry)
                ? List.of()
                : List.of(CanalEntryReader.unmappable(
                        entry.getHeader(), "the record of " + bytes + " bytes is over the limit"));
    }

    private static MalformedRecordException malformed(Kind kind, String text) {
        return new MalformedRecordException(kind, text, "", "", "");
    }
}
