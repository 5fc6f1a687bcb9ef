package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

/**
 * One cache node as the others see it: its name, where it listens, and which life of that name it is.
 *
 * <p>Immutable. The ring places a member by its name and weight alone, so a node that comes back under its name, at
 * whatever address and in whatever incarnation, gets the keys that it had.
 *
 * @param name unique in the cluster and stable over restarts: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}
 * @param host what a peer connects to
 * @param port 1 to 65535
 * @param incarnation which life of the name this is: a later life has a greater number; 0 where lives are not counted
 * @param weight share of keys relative to the other members, 1 to 16
 * @param zone failure domain, or "" when none is known; replicas prefer distinct zones
 */
public record Member(String name, String host, int port, long incarnation, int weight, String zone) {
    /** Greatest weight: bounds the size of a ring. */
    public static final int MAX_WEIGHT = 16;

    /** Longest name, host or zone in characters. */
    public static final int MAX_TEXT = 128;

    public Member {
        requireNonNull(name, "name is null");
        requireNonNull(host, "host is null");
        requireNonNull(zone, "zone is null");
        checkName(name);
        if (host.isBlank() || host.length() > MAX_TEXT || host.indexOf('/') >= 0) {
            throw new IllegalArgumentException("member " + name + " has the host \"" + host
                    + "\": give a host name or an address of 1 to " + MAX_TEXT + " characters");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("member " + name + " has the port " + port + ": give 1 to 65535");
        }
        if (incarnation < 0) {
            throw new IllegalArgumentException("member " + name + " has the negative incarnation " + incarnation);
        }
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "member " + name + " has the weight " + weight + ": give 1 to " + MAX_WEIGHT);
        }
        if (zone.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "member " + name + " has a zone of " + zone.length() + " characters: give at most " + MAX_TEXT);
        }
    }

    /** A member of weight 1 in no zone. */
    public static Member of(String name, String host, int port) {
        return new Member(name, host, port, 0, 1, "");
    }

    /** The same member in another life. */
    public Member withIncarnation(long newIncarnation) {
        return new Member(name, host, port, newIncarnation, weight, zone);
    }

    /** {@code host:port}, with an IPv6 address in brackets. */
    public String address() {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** The name, if it is one that a participant may have. */
    static String requireName(String name) {
        checkName(name);
        return name;
    }

    private static void checkName(String name) {
        if (name.isEmpty() || name.length() > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "a member name has " + name.length() + " characters: give 1 to " + MAX_TEXT);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && "._:-".indexOf(c) < 0) {
                throw new IllegalArgumentException(
                        "the member name \"" + name + "\" holds '" + c + "': use letters, digits and . _ : -");
            }
        }
    }
}
