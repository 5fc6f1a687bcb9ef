package io.sluice.node.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.load.Loaded;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.Position;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.CacheEntry;
import java.util.concurrent.TimeUnit;

/**
 * Builds answers of this node. Answers are wire messages from the start, so that one which another node gave passes
 * through unchanged; values are wrapped, not copied. Thread-safe.
 */
public final class Answers {
    private final String self;

    public Answers(String self) {
        this.self = self;
    }

    /** The stamp is what the node may claim for the entry, which may be more than the entry's own. */
    Answer ofEntry(CacheEntry entry, SourcePosition stamp, ServedFrom from, long nowNanos, long topologyRevision) {
        return answer(
                entry.found(),
                value(entry),
                info(stamp, from, topologyRevision)
                        .setAgeMillis(TimeUnit.NANOSECONDS.toMillis(entry.ageNanos(nowNanos))));
    }

    Answer ofLoad(Loaded loaded, long topologyRevision) {
        return answer(
                loaded.found(),
                UnsafeByteOperations.unsafeWrap(loaded.value()),
                info(loaded.stamp(), ServedFrom.SERVED_FROM_SOURCE, topologyRevision));
    }

    Answer ofPeek(Peeks.Peeked peeked, long nowNanos) {
        CacheEntry entry = peeked.entry();
        AnswerInfo.Builder info = info(
                        entry.stamp(),
                        ServedFrom.SERVED_FROM_PEER,
                        peeked.topology().revision())
                .setServedBy(peeked.from())
                .setAgeMillis(TimeUnit.NANOSECONDS.toMillis(entry.ageNanos(nowNanos)));
        return answer(entry.found(), value(entry), info);
    }

    /** The wire form of a position; an unset message for an unknown one. */
    public static Position position(SourcePosition position) {
        return position.isUnknown()
                ? Position.getDefaultInstance()
                : Position.newBuilder().setGtidSet(position.toString()).build();
    }

    private AnswerInfo.Builder info(SourcePosition stamp, ServedFrom from, long topologyRevision) {
        AnswerInfo.Builder info =
                AnswerInfo.newBuilder().setServedBy(self).setServedFrom(from).setTopologyRevision(topologyRevision);
        if (!stamp.isUnknown()) {
            info.setStamp(position(stamp));
        }
        return info;
    }

    /** The value on the wire, not copied. */
    static ByteString value(CacheEntry entry) {
        return UnsafeByteOperations.unsafeWrap(entry.array(), entry.offset(), entry.length());
    }

    private static Answer answer(boolean found, ByteString value, AnswerInfo.Builder info) {
        return Answer.newBuilder().setFound(found).setValue(value).setInfo(info).build();
    }
}
