package io.sluice.sync.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.FakeNode;
import io.sluice.sync.flow.Problem;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.kafka.StreamControl.Replay;
import io.sluice.sync.kafka.StreamStatus.PartitionState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pause, replay and state of the stream, with Kafka's own mock client and real Remove calls to a fake node. */
final class StreamControlTest {
    private static final TopicPartition P0 = new TopicPartition("changes", 0);
    private static final TopicPartition P1 = new TopicPartition("changes", 1);
    private static final Partition FIRST = new Partition("changes", 0);
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-17";
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00Z");

    private final StreamUnderTest stream = new StreamUnderTest(source -> {
        throw new IllegalStateException("no primary here");
    });
    private final FakeNode node = stream.node;
    private final FakeRegistration registration = stream.registration;
    private final StreamControl control = stream.control;
    private final Dispatcher dispatcher = stream.dispatcher;
    private final TimedConsumer consumer = new TimedConsumer();
    private ChangeConsumer changes;

    @BeforeEach
    void startAtFive() {
        FlowLimits usual = FlowLimits.DEFAULTS;
        FlowLimits limits = new FlowLimits(
                usual.maxRecord(),
                usual.inFlightRecords(),
                usual.inFlightBytes(),
                usual.waitingBytes(),
                Duration.ofMillis(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(5));
        consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
        consumer.updateEndOffsets(Map.of(P0, 1_000L, P1, 1_000L));
        consumer.schedulePollTask(() -> {
            consumer.commitSync(Map.of(P0, committed(5), P1, committed(50)));
            consumer.rebalance(List.of(P0));
        });
        changes = stream.start(limits, () -> consumer, new NoLetters(), new NoListener());
        await().until(() -> !control.status().partitions().isEmpty());
    }

    @AfterEach
    void closeAll() throws Exception {
        stream.close();
    }

    @Test
    void pausedItTakesNothingMoreAndFinishesWhatItHas() {
        node.behaviour = request -> Status.UNAVAILABLE;
        add(P0, 5, "1");
        await().until(() -> dispatcher.inFlight() == 1);
        control.pause(true);
        polls(2);
        add(P0, 6, "2");
        node.behaviour = request -> Status.OK;
        await().until(() -> consumer.stored(P0) == 6);
        polls(5);
        assertThat(node.removals()).containsExactly("student/1@" + GTID);
        assertThat(changes.isReady()).isTrue();

        control.pause(false);

        await().until(() -> consumer.stored(P0) == 7);
        assertThat(node.removals()).containsExactlyInAnyOrder("student/1@" + GTID, "student/2@" + GTID);
    }

    @Test
    void aPauseOutlivesARebalance() {
        control.pause(true);
        polls(2);
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of());
            consumer.rebalance(List.of(P0, P1));
            consumer.addRecord(record(P0, 5, "1"));
            consumer.addRecord(record(P1, 50, "2"));
        });
        await().until(() -> control.status().partitions().size() == 2);
        polls(5);
        assertThat(node.removals()).isEmpty();

        control.pause(false);

        await().until(() -> consumer.stored(P0) == 6 && consumer.stored(P1) == 51);
    }

    @Test
    void theStateTellsOffsetsAndWhatIsInFlight() {
        node.behaviour = request -> Status.UNAVAILABLE;
        add(P0, 5, "1");
        await().until(() -> first().inFlight() == 1);
        PartitionState waiting = first();
        assertThat(waiting.partition()).isEqualTo(FIRST);
        assertThat(waiting.committedOffset()).isEqualTo(5);
        assertThat(waiting.positionOffset()).isEqualTo(6);
        assertThat(waiting.position()).isEqualTo(GTID);
        assertThat(waiting.replayUntil()).isEqualTo(StreamStatus.UNKNOWN);
        assertThat(control.status().rulesFingerprint()).isEqualTo(StreamUnderTest.RULES.fingerprint());

        node.behaviour = request -> Status.OK;

        await().until(() -> first().committedOffset() == 6);
        assertThat(first().inFlight()).isZero();
    }

    @Test
    void aReplayCommitsTheEarlierOffsetAndConsumesAgainUntilItHasCaughtUp() throws Exception {
        add(P0, 5, "1");
        await().until(() -> consumer.stored(P0) == 6);
        consumer.firstSinceTime.put(P0, 3L);

        assertThat(control.replay(TIME).get()).containsExactly(new Replay(FIRST, 3, 6));

        assertThat(consumer.waitedFor).containsEntry(P0, 3L);
        await().until(() -> first().replayUntil() == 6 && first().positionOffset() == 3);
        add(P0, 3, "3");
        add(P0, 4, "4");
        await().until(() -> consumer.stored(P0) == 5);
        assertThat(first().replayUntil()).isEqualTo(6);
        add(P0, 5, "1");
        await().until(() -> first().replayUntil() == StreamStatus.UNKNOWN);
        assertThat(node.removals())
                .containsExactlyInAnyOrder(
                        "student/1@" + GTID, "student/3@" + GTID, "student/4@" + GTID, "student/1@" + GTID);
    }

    @Test
    void aReplayNeverGoesForward() throws Exception {
        consumer.firstSinceTime.put(P0, 8L);

        assertThat(control.replay(TIME).get()).isEmpty();

        assertThat(consumer.position(P0)).isEqualTo(5);
        assertThat(consumer.stored(P0)).isEqualTo(5);
    }

    @Test
    void aReplayDoesNotBeginWhileSomethingIsInFlight() {
        node.behaviour = request -> Status.UNAVAILABLE;
        add(P0, 5, "1");
        await().until(() -> dispatcher.inFlight() == 1);
        consumer.firstSinceTime.put(P0, 3L);

        assertThatThrownBy(() -> control.replay(TIME).get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ReplayRefusedException.class)
                .hasMessageContaining("not done within 2000 ms");

        assertThat(consumer.position(P0)).isEqualTo(6);
        assertThat(consumer.stored(P0)).isEqualTo(5);
    }

    @Test
    void aReplayDoesNotBeginWithoutARegistration() {
        registration.leased = false;
        consumer.firstSinceTime.put(P0, 3L);

        assertThatThrownBy(() -> control.replay(TIME).get()).hasMessageContaining("not registered in etcd");

        assertThat(consumer.position(P0)).isEqualTo(5);
    }

    @Test
    void aReplayThatNobodyWaitsForAnyMoreDoesNotBegin() {
        StreamControl idle = new StreamControl();
        CompletableFuture<List<Replay>> first = idle.replay(TIME);
        assertThatThrownBy(() -> idle.replay(TIME).get()).hasMessageContaining("another replay");

        first.cancel(false);

        assertThat(idle.takeReplay()).isNull();
        CompletableFuture<List<Replay>> second = idle.replay(TIME);
        assertThat(second).isNotDone();
        assertThat(idle.takeReplay()).isNotNull();
    }

    @Test
    void aStopWaitsForWhatIsInFlightAndCommitsIt() {
        CompletableFuture<Status> answer = new CompletableFuture<>();
        node.behaviour = request -> answer.join();
        add(P0, 5, "1");
        await().until(() -> dispatcher.inFlight() == 1);

        CompletableFuture<Void> stop = CompletableFuture.runAsync(changes::close);
        await().during(Duration.ofMillis(100)).until(() -> !stop.isDone());
        assertThat(consumer.stored(P0)).isEqualTo(5);
        answer.complete(Status.OK);

        stop.join();
        assertThat(consumer.stored(P0)).isEqualTo(6);
    }

    /**
     * 1: a record is handed out. 2: its partition goes to the instance that replaces this one, which commits beyond it.
     * 3: this one's Remove is acknowledged after all.
     */
    @Test
    void whatIsDoneAfterItsPartitionWentIsCommittedByNobodyHere() {
        node.behaviour = request -> Status.UNAVAILABLE;
        add(P0, 5, "1");
        await().until(() -> dispatcher.inFlight() == 1);
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(P1)));
        await().until(() -> consumer.assignment().equals(Set.of(P1)));
        assertThat(consumer.stored(P0)).isEqualTo(5);
        consumer.schedulePollTask(() -> consumer.commitSync(Map.of(P0, committed(9))));
        await().until(() -> consumer.stored(P0) == 9);

        node.behaviour = request -> Status.OK;

        await().until(() -> node.removals().size() == 1 && dispatcher.inFlight() == 0);
        add(P1, 50, "2");
        await().until(() -> consumer.stored(P1) == 51);
        assertThat(consumer.stored(P0)).isEqualTo(9);
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(P0, P1)));
        await().until(() -> control.status().partitions().size() == 2);
        assertThat(first().committedOffset()).isEqualTo(9);
        assertThat(first().positionOffset()).isEqualTo(9);
    }

    private PartitionState first() {
        return control.status().partitions().getFirst();
    }

    /** Waits until the poll thread has come round so often. */
    private void polls(int count) {
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> polled = new CompletableFuture<>();
            consumer.schedulePollTask(() -> polled.complete(null));
            polled.join();
        }
    }

    private void add(TopicPartition partition, long offset, String id) {
        consumer.schedulePollTask(() -> consumer.addRecord(record(partition, offset, id)));
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset, String id) {
        String json =
                "{\"data\":[{\"id\":\"" + id + "\"}],\"database\":\"app\",\"gtid\":\"" + GTID + "\",\"isDdl\":false,"
                        + "\"mysqlType\":{\"id\":\"bigint\"},\"old\":null,\"table\":\"students\",\"type\":\"INSERT\"}";
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, json.getBytes(UTF_8));
    }

    private static OffsetAndMetadata committed(long offset) {
        return new OffsetAndMetadata(offset, OffsetMetadata.of(StreamUnderTest.RULES, Set.of(), Map.of()));
    }

    /** Remembers what is committed, and knows of some partitions which offset a time has. */
    private static final class TimedConsumer extends MockConsumer<byte[], byte[]> {
        private final Map<TopicPartition, Long> commits = new ConcurrentHashMap<>();
        /** By commits that do not go on before the broker has answered. */
        private final Map<TopicPartition, Long> waitedFor = new ConcurrentHashMap<>();

        private final Map<TopicPartition, Long> firstSinceTime = new ConcurrentHashMap<>();

        TimedConsumer() {
            super("none");
        }

        long stored(TopicPartition partition) {
            return commits.getOrDefault(partition, -1L);
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
            offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
            super.commitAsync(offsets, callback);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            offsets.forEach((partition, offset) -> waitedFor.put(partition, offset.offset()));
            offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
            super.commitSync(offsets, timeout);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
            super.commitSync(offsets);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> times, Duration timeout) {
            Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
            times.forEach((partition, time) -> {
                Long offset = firstSinceTime.get(partition);
                found.put(partition, offset == null ? null : new OffsetAndTimestamp(offset, time));
            });
            return found;
        }
    }

    /** No record of these tests is one. */
    private static final class NoLetters implements DeadLetters {
        @Override
        public void send(ConsumerRecord<byte[], byte[]> record, Problem problem, Runnable whenStored) {
            throw new AssertionError("a dead letter: " + problem);
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void close() {}
    }

    private static final class NoListener implements StreamListener {
        @Override
        public void arrived(Heartbeat heartbeat, Partition partition, String position) {}

        @Override
        public void passed(Heartbeat heartbeat, Partition partition, String position, long revision) {}

        @Override
        public void consumes(Set<Partition> assigned, Map<String, Integer> counts) {}
    }
}
