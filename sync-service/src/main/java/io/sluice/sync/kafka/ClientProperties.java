package io.sluice.sync.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The properties of Kafka's clients: our defaults, then the operator's, then what our promises rest on. Stateless.
 *
 * <p>A record is fetched the moment there is one ({@code fetch.min.bytes=1}); the longest wait only says how often an
 * idle consumer asks anew. {@code auto.offset.reset=none} makes a lost position an error, which {@link ChangeConsumer}
 * handles, in place of a silent jump.
 */
final class ClientProperties {
    private ClientProperties() {}

    static Map<String, Object> consumer(KafkaSettings settings, String clientId) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("client.id", clientId);
        properties.put("fetch.min.bytes", 1);
        properties.put("fetch.max.wait.ms", 500);
        properties.put("max.poll.records", 1_000);
        properties.put("metadata.max.age.ms", 10_000);
        properties.put("allow.auto.create.topics", false);
        if (!"consumer".equals(settings.properties().get("group.protocol"))) {
            properties.put("session.timeout.ms", 10_000);
            properties.put("heartbeat.interval.ms", 2_000);
        }
        properties.putAll(settings.properties());
        properties.put("bootstrap.servers", settings.bootstrapServers());
        properties.put("group.id", settings.groupId());
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "none");
        properties.put("key.deserializer", ByteArrayDeserializer.class);
        properties.put("value.deserializer", ByteArrayDeserializer.class);
        return properties;
    }

    static Map<String, Object> producer(KafkaSettings settings, String clientId) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("client.id", clientId + "-dead-letters");
        properties.put("acks", "all");
        properties.put("max.block.ms", 5_000);
        properties.put("delivery.timeout.ms", 30_000);
        properties.put("request.timeout.ms", 10_000);
        properties.put("linger.ms", 0);
        properties.put("max.request.size", 16 << 20);
        properties.putAll(settings.properties());
        properties.put("bootstrap.servers", settings.bootstrapServers());
        properties.put("key.serializer", ByteArraySerializer.class);
        properties.put("value.serializer", ByteArraySerializer.class);
        return properties;
    }

    static Map<String, Object> admin(KafkaSettings settings, String clientId) {
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put("client.id", clientId + "-admin");
        properties.put("bootstrap.servers", settings.bootstrapServers());
        // Closing waits for what is still asked, so this bounds how long a stop can take.
        properties.put("request.timeout.ms", 5_000);
        properties.put("default.api.timeout.ms", 10_000);
        return properties;
    }
}
