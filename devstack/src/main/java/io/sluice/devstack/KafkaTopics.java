package io.sluice.devstack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** What devstack asks of a broker. Stateless. */
final class KafkaTopics {
    private static final int PATIENCE_SECONDS = 30;

    private KafkaTopics() {}

    static Admin admin(String bootstrapServers, int timeoutMillis) {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                timeoutMillis,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                timeoutMillis,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                100));
    }

    static void create(String bootstrapServers, String name, int partitions) {
        try (Admin admin = admin(bootstrapServers, PATIENCE_SECONDS * 1000)) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new DevstackException("Cannot create the Kafka topic " + name + ": " + e.getCause(), e);
            }
        } catch (TimeoutException e) {
            throw new DevstackException(
                    "Kafka did not create the topic " + name + " within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DevstackException("Interrupted while creating the Kafka topic " + name, e);
        }
    }
}
