package io.sluice.sync.heartbeat;

/** A source whose position could not be had; the message says what happened, to which source, and what to do. */
public final class HeartbeatException extends Exception {
    HeartbeatException(String message) {
        super(message);
    }

    HeartbeatException(String message, Throwable cause) {
        super(message, cause);
    }
}
