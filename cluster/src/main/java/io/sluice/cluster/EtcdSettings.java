package io.sluice.cluster;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach etcd and under which prefix a cluster's members live there.
 *
 * <p>Immutable. Every part is checked here, so what accepts settings need not check them again.
 *
 * @param endpoints client addresses, such as {@code http://127.0.0.1:2379}; {@code host:port} means https when there is
 *     {@code tls}, else http
 * @param cluster name of the Sluice cluster: several can share one etcd
 * @param leaseTtl how long a member that went silent keeps its key; 1 s to 10 min, in whole seconds; default 5 s
 * @param startTimeout how long a start waits for etcd, or for the lease of an earlier life of the same name
 * @param username for etcd with authentication on, else null
 * @param password for etcd with authentication on, else null
 * @param namespace put before every key, for an etcd that others use too; "" for none
 * @param tls for {@code https} endpoints, else null; without it they are checked against what Java trusts
 */
public record EtcdSettings(
        List<String> endpoints,
        String cluster,
        Duration leaseTtl,
        Duration startTimeout,
        @Nullable String username,
        @Nullable String password,
        String namespace,
        @Nullable EtcdTls tls) {
    public static final Duration DEFAULT_LEASE_TTL = Duration.ofSeconds(5);
    /** The longest lease on a copy of a node without etcd, where nobody is found gone. */
    public static final Duration DEFAULT_LONGEST_LENT = Duration.ofSeconds(2);

    public static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(15);

    /** The margin is this part of the lease. */
    private static final int MARGIN_DIVISOR = 5;

    public EtcdSettings {
        endpoints = requireNonNull(endpoints, "endpoints is null").stream()
                .map(endpoint -> normalise(endpoint, tls == null ? "http" : "https"))
                .toList();
        requireNonNull(cluster, "cluster is null");
        requireNonNull(leaseTtl, "leaseTtl is null");
        requireNonNull(startTimeout, "startTimeout is null");
        requireNonNull(namespace, "namespace is null");
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no etcd endpoint: give at least one, such as http://127.0.0.1:2379");
        }
        if (cluster.isBlank() || cluster.length() > Member.MAX_TEXT || cluster.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the cluster name is \"" + cluster + "\": give 1 to " + Member.MAX_TEXT
                    + " characters without '/'");
        }
        if (leaseTtl.compareTo(Duration.ofSeconds(1)) < 0
                || leaseTtl.compareTo(Duration.ofMinutes(10)) > 0
                || !leaseTtl.equals(Duration.ofSeconds(leaseTtl.toSeconds()))) {
            throw new IllegalArgumentException(
                    "the lease TTL is " + leaseTtl + ": etcd counts whole seconds; give 1 s to 10 min");
        }
        if (startTimeout.isNegative() || startTimeout.isZero() || startTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("the start timeout is " + startTimeout + ": give up to 1 h");
        }
        if (endpoints.stream().map(EtcdSettings::isHttps).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "some etcd endpoints are https and some are http: write the same for all");
        }
        if (tls != null && !isHttps(endpoints.get(0))) {
            throw new IllegalArgumentException("etcd has a tls section and http endpoints: write https://host:port");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException("etcd user without password or the other way round: give both or none");
        }
    }

    /** The usual settings: default times, no authentication, no namespace. */
    public static EtcdSettings of(List<String> endpoints, String cluster) {
        return new EtcdSettings(endpoints, cluster, DEFAULT_LEASE_TTL, DEFAULT_START_TIMEOUT, null, null, "", null);
    }

    public EtcdSettings withLeaseTtl(Duration newLeaseTtl) {
        return new EtcdSettings(endpoints, cluster, newLeaseTtl, startTimeout, username, password, namespace, tls);
    }

    public EtcdSettings withStartTimeout(Duration newStartTimeout) {
        return new EtcdSettings(endpoints, cluster, leaseTtl, newStartTimeout, username, password, namespace, tls);
    }

    /**
     * The longest lease that a node may grant on a copy while its own stands: twice the margin. It grants until the
     * margin before its TTL has passed, so all that it has lent is over when the margin after it has: when the others
     * are sure that it is gone, and wait for it no more.
     */
    public Duration longestLent() {
        return margin().multipliedBy(2);
    }

    private Duration margin() {
        return leaseTtl.dividedBy(MARGIN_DIVISOR);
    }

    /** The start of every key of the cluster, after the namespace. */
    String root() {
        return "/sluice/" + cluster + "/";
    }

    /**
     * How long after its last confirmed renewal was sent a lease is sure to stand: less than its TTL by a margin for
     * clocks that run unevenly and for answers on their way.
     */
    Duration trust() {
        return leaseTtl.minus(margin());
    }

    /** How long after its key was seen missing a participant is sure to have noticed, by the clock of who saw it. */
    Duration departure() {
        return leaseTtl.plus(margin());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "etcd " + String.join(",", endpoints) + " cluster " + cluster;
    }

    /** Whether the connection is by TLS. */
    boolean isSecure() {
        return isHttps(endpoints.get(0));
    }

    private static boolean isHttps(String endpoint) {
        return endpoint.startsWith("https:");
    }

    private static String normalise(String endpoint, String scheme) {
        String text = endpoint.strip();
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : scheme + "://" + text);
        } catch (IllegalArgumentException e) {
            throw badEndpoint(endpoint, e);
        }
        boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!known || uri.getHost() == null || uri.getPort() < 1) {
            throw badEndpoint(endpoint, null);
        }
        return uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
    }

    private static IllegalArgumentException badEndpoint(String endpoint, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "the etcd endpoint \"" + endpoint + "\" is not one: write http://host:port or https://host:port",
                cause);
    }
}
