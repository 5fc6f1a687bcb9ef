package io.sluice.client.lease;

import static java.util.Objects.requireNonNull;

import io.sluice.proto.v1.KeyResult;

/**
 * What came of asking for a key. Immutable.
 *
 * @param result the answer, or the granter's reason why there is none
 * @param kept whether there is a copy of it now
 */
public record LeaseAnswer(KeyResult result, boolean kept) {
    public LeaseAnswer {
        requireNonNull(result, "result is null");
    }
}
