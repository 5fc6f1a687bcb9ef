package io.sluice.devstack;

/** One Kafka broker: a local process, or a container when {@code SLUICE_KAFKA=container}. */
public sealed interface KafkaServer extends StackPart permits KafkaProcess, KafkaContainerPart {
    /** Whom the broker knows at {@link #saslBootstrapServers()}. */
    String SASL_USERNAME = "sluice";

    String SASL_PASSWORD = "sluice";

    /** What clients connect to: {@code host:port}. */
    String bootstrapServers();

    /** The same for clients that must log in: SASL, mechanism PLAIN, without TLS. A container has none. */
    String saslBootstrapServers();

    /** Creates a topic, and returns when it can be used; one of that name that exists already is left as it is. */
    default void createTopic(String name, int partitions) {
        KafkaTopics.create(bootstrapServers(), name, partitions);
    }
}
