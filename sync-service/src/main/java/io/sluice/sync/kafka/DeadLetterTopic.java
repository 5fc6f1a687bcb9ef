package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topic for dead letters where it does not exist: one partition, the broker's own replication. Not allowed to
 * is not an error: an operator may have made it. Confined to one thread; {@link #run} blocks for seconds at most.
 */
final class DeadLetterTopic implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);
    private static final int TIMEOUT_SECONDS = 10;

    private final KafkaSettings settings;
    private final String clientId;
    private boolean refusalLogged;

    DeadLetterTopic(KafkaSettings settings, String clientId) {
        this.settings = requireNonNull(settings, "settings is null");
        this.clientId = requireNonNull(clientId, "clientId is null");
    }

    @Override
    public void run() {
        String topic = settings.deadLetterTopic();
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty());
        try (Admin admin = Admin.create(ClientProperties.admin(settings, clientId))) {
            admin.createTopics(List.of(wanted)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            log.info("Made topic {} for dead letters", topic);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException) && !refusalLogged) {
                refusalLogged = true;
                log.info("Did not make topic {} for dead letters: {}", topic, String.valueOf(e.getCause()));
            }
        } catch (java.util.concurrent.TimeoutException e) {
            throw new KafkaException("no answer from the brokers within " + TIMEOUT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }
}
