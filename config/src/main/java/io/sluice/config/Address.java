package io.sluice.config;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;

/**
 * A place to listen or to connect to. Immutable. Invariant: where no host is given it is loopback, never all
 * interfaces.
 *
 * @param host name or address; default 127.0.0.1
 * @param port 1 to 65535, or 0 to listen on any free one
 */
public record Address(@Nullable String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_PORT = 65_535;

    public Address {
        if (host != null && host.isBlank()) {
            throw new IllegalArgumentException(
                    "the host is empty: give a name or an address, or leave it out for " + LOOPBACK);
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("the port is " + port + ": give 0 to " + MAX_PORT);
        }
    }

    /** A port of this machine that other machines cannot reach. */
    public static Address onLoopback(int port) {
        return new Address(null, port);
    }

    /** The host, loopback where none is given. */
    public String hostName() {
        return requireNonNullElse(host, LOOPBACK);
    }
}
