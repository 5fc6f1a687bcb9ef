package io.sluice.devstack;

/** The servers a {@link Devstack} can start. */
public enum Part {
    /** MySQL, with GTIDs and row events. */
    MYSQL("MySQL"),
    /** One Kafka broker, in KRaft mode. */
    KAFKA("Kafka"),
    /** One etcd member. */
    ETCD("etcd"),
    /** Canal, which reads MySQL's binlog and writes to Kafka: it brings both of them along. */
    CANAL("Canal");

    private final String title;

    Part(String title) {
        this.title = title;
    }

    /** The name a person knows the server by. */
    public String title() {
        return title;
    }
}
