package io.sluice.devstack;

/** One Kafka broker: a local process, or a container when {@code SLUICE_KAFKA=container}. */
public sealed interface KafkaServer extends StackPart permits KafkaProcess, KafkaContainerPart {
    /** What clients connect to: {@code host:port}. */
    String bootstrapServers();

    /** Creates a topic, and returns when it can be used; one of that name that exists already is left as it is. */
    default void createTopic(String name, int partitions) {
        KafkaTopics.create(bootstrapServers(), name, partitions);
    }
}
