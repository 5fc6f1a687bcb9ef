package io.sluice.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.devstack.junit.DevstackExtension;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DevstackExtension.class)
class KafkaServerTest {
    @Test
    void keepsItsTopicsWhenKilledAndRestarted(Devstack stack) throws Exception {
        KafkaServer kafka = stack.kafka();
        kafka.createTopic("kept", 3);

        kafka.kill();
        assertThat(kafka.isAlive()).isFalse();
        kafka.restart();

        assertThat(partitions(kafka, "kept")).isEqualTo(3);
        assertThat(partitions(kafka, stack.canal().topic())).isEqualTo(DevstackBuilder.DEFAULT_PARTITIONS);
    }

    @Test
    void leavesATopicThatExistsAsItIs(Devstack stack) throws Exception {
        stack.kafka().createTopic("twice", 2);
        stack.kafka().createTopic("twice", 5);
        assertThat(partitions(stack.kafka(), "twice")).isEqualTo(2);
    }

    @Test
    void answersNothingWhilePausedAndGoesOnWhenResumed(Devstack stack) throws Exception {
        KafkaServer kafka = stack.kafka();

        kafka.pause();
        try (Admin admin = KafkaTopics.admin(kafka.bootstrapServers(), 500)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get()).isInstanceOf(ExecutionException.class);
        } finally {
            kafka.resume();
        }

        assertThat(partitions(kafka, stack.canal().topic())).isEqualTo(DevstackBuilder.DEFAULT_PARTITIONS);
    }

    private static int partitions(KafkaServer kafka, String topic) throws Exception {
        try (Admin admin = KafkaTopics.admin(kafka.bootstrapServers(), 20_000)) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .mapToInt(description -> description.partitions().size())
                    .sum();
        }
    }
}
