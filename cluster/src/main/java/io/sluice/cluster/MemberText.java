package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A member as a person writes it in a static list: {@code name=host:port}, or {@code name=[v6]:port}. */
public final class MemberText {
    private MemberText() {}

    /** Reads {@code name=host:port}; the message of the exception quotes the text. */
    public static Member parse(String text) {
        String stripped = requireNonNull(text, "text is null").strip();
        int equals = stripped.indexOf('=');
        int colon = stripped.lastIndexOf(':');
        if (equals < 1 || colon < equals + 2) {
            throw malformed(text, null);
        }
        String host = stripped.substring(equals + 1, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(stripped.substring(colon + 1));
            return Member.of(stripped.substring(0, equals), host, port);
        } catch (NumberFormatException e) {
            throw malformed(text, e);
        }
    }

    private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "the member \"" + text + "\" is not name=host:port, such as node-1=10.0.0.1:7400", cause);
    }
}
