package io.sluice.client;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the cache says about one key. Immutable.
 *
 * @param found false when the source has no such row: a normal answer
 * @param value the value as the group's load query renders it; empty when not found
 * @param servedBy name of the member whose memory or loader gave the value
 * @param servedFrom where that member had it from
 * @param age since the value was loaded from the source, by the clock of {@code servedBy}; zero for a fresh load
 * @param stamp the GTID set that the value is known to reflect; empty when the source has no positions
 * @param stalenessBoundMillis upper bound of the staleness in milliseconds, while one is known
 * @param pastMaxStaleness whether the bound is past the group's {@code max-staleness} and the answer came all the same
 * @param topologyRevision revision of the topology by which the node routed the request
 */
public record Answer(
        boolean found,
        ByteString value,
        String servedBy,
        ServedFrom servedFrom,
        Duration age,
        String stamp,
        OptionalLong stalenessBoundMillis,
        boolean pastMaxStaleness,
        long topologyRevision) {
    public Answer {
        requireNonNull(value, "value is null");
        requireNonNull(servedBy, "servedBy is null");
        requireNonNull(servedFrom, "servedFrom is null");
        requireNonNull(age, "age is null");
        requireNonNull(stamp, "stamp is null");
        requireNonNull(stalenessBoundMillis, "stalenessBoundMillis is null");
    }

    /** The value as text, or empty when not found. */
    public Optional<String> text() {
        return found ? Optional.of(value.toStringUtf8()) : Optional.empty();
    }
}
