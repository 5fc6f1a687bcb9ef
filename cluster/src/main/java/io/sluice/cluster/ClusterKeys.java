package io.sluice.cluster;

/** The names of a cluster's keys in etcd, from the root {@code /sluice/<cluster>/} on. No state. */
final class ClusterKeys {
    /** Every key of the cluster. */
    static final String ALL = "";
    /** The topology document. */
    static final String TOPOLOGY = "topology";
    /** Who writes the document, under that node's lease. */
    static final String COORDINATOR = "coordinator";

    /** The rules file, where all processes read it from here; read by {@link PublishedText} alone. */
    static final String RULES = "rules";

    static final String MEMBERS = "members/";
    static final String SYNCS = "syncs/";
    static final String CONFIRMATIONS = "confirmations/";
    static final String FLOORS = "floors/";

    private ClusterKeys() {}

    /** A node, under its lease; the revision that created the key is its incarnation. */
    static String member(String name) {
        return MEMBERS + name;
    }

    /** A sync instance, likewise. */
    static String sync(String name) {
        return SYNCS + name;
    }

    /** What the participant behind a key has confirmed, under the lease of that key. */
    static String confirmation(String participantKey) {
        return CONFIRMATIONS + participantKey;
    }

    /** The floors that a sync instance has read, under its lease. */
    static String floors(String sync) {
        return FLOORS + sync;
    }
}
