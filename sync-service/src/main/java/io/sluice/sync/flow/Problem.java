package io.sluice.sync.flow;

import static java.util.Objects.requireNonNull;

/**
 * Why a person should read a record. Immutable.
 *
 * @param kind one of few, in lower case, for metrics and headers
 * @param message what is wrong; names no key and no value
 */
public record Problem(String kind, String message) {
    /** The record is sound but does not say which keys it changed. */
    public static final String UNMAPPABLE = "unmappable";

    /** The record's position is no GTID set. */
    public static final String BAD_POSITION = "bad_position";

    public Problem {
        requireNonNull(kind, "kind is null");
        requireNonNull(message, "message is null");
    }
}
