package io.sluice.sync.kafka;

/** Nothing was replayed and nothing has changed; the message says why and what to do. */
public final class ReplayRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    ReplayRefusedException(String message) {
        super(message);
    }
}
