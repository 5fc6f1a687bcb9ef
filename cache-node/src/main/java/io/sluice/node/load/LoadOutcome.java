package io.sluice.node.load;

import io.grpc.StatusRuntimeException;

/** What came of one key of a batch load. Immutable. */
public sealed interface LoadOutcome {
    /** The key was loaded. */
    record Success(Loaded loaded) implements LoadOutcome {}

    /** The key has no value, for a reason of its own. */
    record Failure(StatusRuntimeException reason) implements LoadOutcome {}
}
