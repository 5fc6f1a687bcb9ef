package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the change stream is. Immutable.
 *
 * @param bootstrapServers {@code host:port} of some brokers, one or more
 * @param topics topics of the change stream
 * @param groupId consumer group; all instances of one cluster share it (default {@code sluice-sync})
 * @param deadLetterTopic topic for records a person should read; made when it does not exist (default
 *     {@code sluice-dead-letters})
 * @param properties further properties of Kafka's clients, passed on as they are: security, {@code group.protocol}, …
 */
public record KafkaSettings(
        List<String> bootstrapServers,
        Topics topics,
        String groupId,
        String deadLetterTopic,
        Map<String, String> properties) {
    /** What the service's promises rest on. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "enable.auto.commit",
            "group.id",
            "key.deserializer",
            "key.serializer",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    public KafkaSettings {
        bootstrapServers = List.copyOf(bootstrapServers);
        requireNonNull(topics, "topics is null");
        requireNonNull(groupId, "groupId is null");
        requireNonNull(deadLetterTopic, "deadLetterTopic is null");
        properties = Map.copyOf(properties);
        if (bootstrapServers.isEmpty()) {
            throw new IllegalArgumentException(
                    "kafka.bootstrap-servers is empty: name at least one broker as host:port");
        }
        if (topics.includes(deadLetterTopic)) {
            throw new IllegalArgumentException("kafka.dead-letter-topic " + deadLetterTopic
                    + " must not be one of the topics that are consumed: name another, or another kafka.topic-pattern");
        }
        Set<String> wrong = new TreeSet<>(properties.keySet());
        wrong.retainAll(OURS);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("kafka.properties must not set " + wrong
                    + ": the sync service sets these itself, since its promises rest on them");
        }
    }

    /** Without the values of the properties: there are passwords among them. */
    @Override
    public String toString() {
        return "topics " + topics + " at " + bootstrapServers + " as group " + groupId + " with properties "
                + new TreeSet<>(properties.keySet());
    }
}
