package io.sluice.node.read;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.node.load.Loaded;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.AnswerInfoOrBuilder;
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
    Answer ofEntry(
            CacheGroup group,
            CacheEntry entry,
            SourcePosition stamp,
            ServedFrom from,
            long boundNanos,
            long nowNanos,
            long topologyRevision) {
        return answer(
                entry.found(),
                value(entry),
                bounded(group, boundNanos, info(stamp, from, topologyRevision))
                        .setAgeMillis(TimeUnit.NANOSECONDS.toMillis(entry.ageNanos(nowNanos))));
    }

    Answer ofLoad(CacheGroup group, Loaded loaded, long boundNanos, long topologyRevision) {
        return answer(
                loaded.found(),
                UnsafeByteOperations.unsafeWrap(loaded.value()),
                bounded(group, boundNanos, info(loaded.stamp(), ServedFrom.SERVED_FROM_SOURCE, topologyRevision)));
    }

    Answer ofPeek(CacheGroup group, Peeks.Peeked peeked, long boundNanos, long nowNanos) {
        CacheEntry entry = peeked.entry();
        AnswerInfo.Builder info = bounded(
                        group,
                        boundNanos,
                        info(
                                entry.stamp(),
                                ServedFrom.SERVED_FROM_PEER,
                                peeked.topology().revision()))
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

    /**
     * An answer was given so long ago at most: its bound, where it has one, is that much greater. Rounded up, also
     * where it comes out even: the wall clock counts whole milliseconds, so a time by it is up to one short.
     */
    public static void age(AnswerInfo.Builder info, long sinceNanos) {
        if (info.hasStalenessBoundMillis()) {
            info.setStalenessBoundMillis(
                    info.getStalenessBoundMillis() + TimeUnit.NANOSECONDS.toMillis(sinceNanos) + 1);
        }
    }

    /** What an answer says of its bound; {@link StalenessBound#UNKNOWN} where it has none. */
    public static long boundNanos(AnswerInfoOrBuilder info) {
        return info.hasStalenessBoundMillis()
                ? TimeUnit.MILLISECONDS.toNanos(info.getStalenessBoundMillis())
                : StalenessBound.UNKNOWN;
    }

    /** Rounded up: a bound that is cut off is none. */
    private static long millisUp(long nanos) {
        return (nanos + 999_999) / 1_000_000;
    }

    private static AnswerInfo.Builder bounded(CacheGroup group, long boundNanos, AnswerInfo.Builder info) {
        if (boundNanos != StalenessBound.UNKNOWN) {
            info.setStalenessBoundMillis(millisUp(boundNanos));
        }
        return group.freshness().isPast(boundNanos) ? info.setPastMaxStaleness(true) : info;
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
