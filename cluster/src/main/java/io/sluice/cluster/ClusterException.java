package io.sluice.cluster;

import org.jspecify.annotations.Nullable;

/** A start that failed for a reason outside this process; the message says what to do. */
public final class ClusterException extends RuntimeException {
    public ClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
