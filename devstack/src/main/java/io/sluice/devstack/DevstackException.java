package io.sluice.devstack;

import org.jspecify.annotations.Nullable;

/** A server could not be fetched, started or reached. The message says which, why, and where its log is. */
public final class DevstackException extends RuntimeException {
    public DevstackException(String message) {
        super(message);
    }

    public DevstackException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
