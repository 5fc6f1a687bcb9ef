package io.sluice.sync.source;

import com.alibaba.otter.canal.protocol.CanalEntry;
import com.alibaba.otter.canal.protocol.CanalPacket;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.RowChange;
import io.sluice.sync.source.MalformedRecordException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Canal's protobuf ({@code canal.mq.flatMessage=false}). One record is one batch: entries of several transactions and
 * tables, each of them a row event, a statement, or a mark such as the end of a transaction.
 *
 * <p>A record has one position: the union of the sets of its entries. Each entry carries the cumulative set up to and
 * including its own transaction, so that is the last one's. For the earlier entries it asks a little more of a load
 * than needed, never less.
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
        List<CanalEntry.Entry> entries = entries(value);
        List<RowChange> changes = value.length > maxBytes ? tablesOf(entries, value.length) : changesOf(entries);
        return new DecodedRecord(position(entries), changes);
    }

    private static List<CanalEntry.Entry> entries(byte[] value) throws MalformedRecordException {
        List<CanalEntry.Entry> entries = new ArrayList<>();
        try {
            CanalPacket.Packet packet = CanalPacket.Packet.parseFrom(value);
            CanalPacket.Compression compression = packet.getCompression();
            if (packet.getType() != CanalPacket.PacketType.MESSAGES
                    || (compression != CanalPacket.Compression.NONE
                            && compression != CanalPacket.Compression.COMPRESSIONCOMPATIBLEPROTO2)) {
                throw malformed(Kind.UNEXPECTED_SHAPE, "it is no uncompressed packet of messages");
            }
            for (ByteString entry :
                    CanalPacket.Messages.parseFrom(packet.getBody()).getMessagesList()) {
                entries.add(CanalEntry.Entry.parseFrom(entry));
            }
        } catch (InvalidProtocolBufferException e) {
            throw malformed(Kind.UNPARSABLE, "it is no protobuf message of Canal's");
        }
        if (entries.isEmpty()) {
            throw malformed(Kind.UNEXPECTED_SHAPE, "it has no entries");
        }
        return entries;
    }

    private static List<RowChange> changesOf(List<CanalEntry.Entry> entries) {
        List<RowChange> changes = new ArrayList<>();
        for (CanalEntry.Entry entry : entries) {
            changes.addAll(CanalEntryReader.changes(entry));
        }
        return changes;
    }

    private static List<RowChange> tablesOf(List<CanalEntry.Entry> entries, int bytes) {
        Set<RowChange> tables = new LinkedHashSet<>();
        for (CanalEntry.Entry entry : entries) {
            if (!CanalEntryReader.isMark(entry)) {
                tables.add(CanalEntryReader.unmappable(
                        entry.getHeader(), "the record of " + bytes + " bytes is over the limit"));
            }
        }
        return List.copyOf(tables);
    }

    /** Empty when the set of any change is not known: without a position nodes hold for a while. */
    private static String position(List<CanalEntry.Entry> entries) {
        String last = "";
        SourcePosition union = null;
        for (CanalEntry.Entry entry : entries) {
            String text = entry.getHeader().getGtid();
            if (CanalEntryReader.isMark(entry) || text.equals(last)) {
                continue;
            }
            if (text.isEmpty() || CanalEntryReader.showsLater(entry)) {
                return "";
            }
            try {
                SourcePosition position = SourcePosition.parse(text);
                union = union == null ? position : union.union(position);
            } catch (PositionFormatException e) {
                return text;
            }
            last = text;
        }
        return union == null ? "" : union.toString();
    }

    private static MalformedRecordException malformed(Kind kind, String text) {
        return new MalformedRecordException(kind, text, "", "", "");
    }
}
