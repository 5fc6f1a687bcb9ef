package io.sluice.sync.dispatch;

import static com.google.protobuf.CodedOutputStream.computeTagSize;
import static com.google.protobuf.CodedOutputStream.computeUInt32Size;
import static com.google.protobuf.CodedOutputStream.computeUInt32SizeNoTag;
import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;

import com.google.protobuf.CodedOutputStream;
import io.sluice.proto.v1.PeerHeader;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.Removal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes a {@link PeerRemoveRequest} as bytes, straight from packed removals: message objects, each with a builder and
 * two strings, would cost more than all the rest of sending. Not safe for use by many threads.
 */
final class RemoveRequestWriter {
    private static final int BUFFER_BYTES = 1 << 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER_BYTES);
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, BUFFER_BYTES);

    /** A request of this header and a body that {@link #toBytes} gave: parts of a message are joined by appending. */
    static byte[] request(PeerHeader header, byte[] body) {
        byte[] head = PeerRemoveRequest.newBuilder().setHeader(header).build().toByteArray();
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /** The next position; they are numbered from 0. */
    void position(String text) {
        try {
            out.writeMessage(
                    PeerRemoveRequest.POSITIONS_FIELD_NUMBER,
                    Position.newBuilder().setGtidSet(text).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next removal. */
    void removal(RemovalBundle bundle, int index, int position) {
        Kind kind = bundle.kind(index);
        int keyLength = bundle.keyLength(index);
        int scope = kind.scope().getNumber();
        int length = sizeOf(Removal.GROUP_FIELD_NUMBER, kind.groupUtf8().length)
                + computeUInt32Size(Removal.SCOPE_FIELD_NUMBER, scope)
                + sizeOf(Removal.KEY_FIELD_NUMBER, keyLength)
                + computeUInt32Size(Removal.POSITION_INDEX_FIELD_NUMBER, position);
        try {
            out.writeTag(PeerRemoveRequest.REMOVALS_FIELD_NUMBER, WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(length);
            text(Removal.GROUP_FIELD_NUMBER, kind.groupUtf8(), 0, kind.groupUtf8().length);
            out.writeUInt32(Removal.SCOPE_FIELD_NUMBER, scope);
            text(Removal.KEY_FIELD_NUMBER, bundle.keys(), bundle.keyStart(index), keyLength);
            out.writeUInt32(Removal.POSITION_INDEX_FIELD_NUMBER, position);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int sizeOf(int field, int length) {
        return computeTagSize(field) + computeUInt32SizeNoTag(length) + length;
    }

    private void text(int field, byte[] utf8, int offset, int length) throws IOException {
        out.writeTag(field, WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
        out.writeRawBytes(utf8, offset, length);
    }

    byte[] toBytes() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
