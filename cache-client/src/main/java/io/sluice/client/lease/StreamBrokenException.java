package io.sluice.client.lease;

/** The stream ended before the answer came: ask in another way. */
public final class StreamBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StreamBrokenException(String message) {
        super(message);
    }
}
