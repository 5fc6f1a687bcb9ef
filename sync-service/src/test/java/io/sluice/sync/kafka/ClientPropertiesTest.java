package io.sluice.sync.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

/** What the operator sets reaches every client; what the promises rest on does not change. */
class ClientPropertiesTest {
    private static final Map<String, String> SECURITY = Map.of(
            "security.protocol", "SASL_SSL",
            "sasl.mechanism", "SCRAM-SHA-512",
            "sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\";",
            "ssl.truststore.location", "/etc/sluice/brokers.p12");

    private static KafkaSettings settings(Map<String, String> properties) {
        return new KafkaSettings(
                List.of("127.0.0.1:9092"), Topics.named(List.of("changes")), "group", "letters", properties);
    }

    @Test
    void securityReachesEveryClient() {
        KafkaSettings settings = settings(SECURITY);
        for (Map<String, Object> properties : List.of(
                ClientProperties.consumer(settings, "sync-1"),
                ClientProperties.producer(settings, "sync-1"),
                ClientProperties.admin(settings, "sync-1"))) {
            assertThat(properties).containsAllEntriesOf(SECURITY);
        }
    }

    @Test
    void bothGroupProtocolsAreAccepted() {
        for (String protocol : List.of("classic", "consumer")) {
            Map<String, Object> properties =
                    ClientProperties.consumer(settings(Map.of("group.protocol", protocol)), "sync-1");
            // Refuses what the protocol does not have, such as a session timeout of the client's.
            ConsumerConfig config = new ConsumerConfig(properties);
            assertThat(config.getString("group.protocol")).isEqualTo(protocol);
            assertThat(config.getString("auto.offset.reset")).isEqualTo("none");
        }
    }

    @Test
    void defaultsCanBeChanged() {
        assertThat(ClientProperties.consumer(settings(Map.of("max.poll.records", "7")), "sync-1"))
                .containsEntry("max.poll.records", "7")
                .containsEntry("group.id", "group");
    }
}
