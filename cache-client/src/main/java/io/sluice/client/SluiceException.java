package io.sluice.client;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A read or a removal that failed: what kind of failure, and a message that says what to do. Never holds a key. */
public final class SluiceException extends RuntimeException {
    private final ErrorCode code;

    public SluiceException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code is null");
    }

    /** The kind of failure. */
    public ErrorCode code() {
        return code;
    }
}
