package io.sluice.config;

/** A configuration that cannot be used; the message says where, what is wrong and what to do, and holds no secret. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
