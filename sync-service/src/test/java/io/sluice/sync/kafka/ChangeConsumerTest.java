package io.sluice.sync.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.sluice.coherence.AppliedPosition.Partition;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Rules;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.sync.dispatch.Backoff;
import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.dispatch.FakeNode;
import io.sluice.sync.heartbeat.Heartbeat;
import io.sluice.sync.heartbeat.PrimaryState;
import io.sluice.sync.lost.LostSources;
import io.sluice.sync.resync.Resync;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The consumer's logic with Kafka's own mock clients and real Remove calls to a fake node. */
final class ChangeConsumerTest {
    private static final TopicPartition P0 = new TopicPartition("changes", 0);
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-17";
    private static final SourcePosition H = SourcePosition.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-99");
    private static final Rules RULES = StreamUnderTest.RULES;
    private static final Rules OTHER_RULES = StreamUnderTest.rules("s{id}");

    private final AtomicReference<Resync.Primary> primary = new AtomicReference<>(source -> {
        throw new IllegalStateException("the primary is away");
    });
    private final StreamUnderTest stream =
            new StreamUnderTest(source -> primary.get().beat(source));
    private final FakeNode node = stream.node;
    private final FakeRegistration registration = stream.registration;
    private final Dispatcher dispatcher = stream.dispatcher;
    private final GroupClears clears = stream.clears;
    private final LostSources lost = stream.lost;
    private final RecordingListener listener = new RecordingListener();
    private final AtomicInteger topicsEnsured = new AtomicInteger();
    private final SmallProducer letters = new SmallProducer();
    private final DeadLetterProducer deadLetters = new DeadLetterProducer(
            "letters",
            letters,
            topicsEnsured::incrementAndGet,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), new SplittableRandom(1)),
            stream.metrics);

    @AfterEach
    void closeAll() throws Exception {
        stream.close();
    }

    @Test
    void aRecordIsCommittedOnlyAfterItsRemovalIsAcknowledged() {
        node.behaviour = request -> Status.UNAVAILABLE;
        RecordingConsumer consumer = consumerAt(5L);
        ChangeConsumer changes = start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));
        await().until(() ->
                dispatcher.inFlight() == 1 && !dispatcher.failingMembers().isEmpty());
        assertThat(changes.isReady()).isTrue();
        assertThat(consumer.lastCommit).isEqualTo(5);

        node.behaviour = request -> Status.OK;

        await().until(() -> consumer.lastCommit == 6);
        assertThat(node.removals()).containsExactly("student/1@" + GTID);
    }

    @Test
    void aHeartbeatIsPassedWhenEverythingBeforeItIsDone() {
        node.behaviour = request -> Status.UNAVAILABLE;
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> {
            add(consumer, 5, insert("1"));
            add(consumer, 6, heartbeat());
        });
        await().until(() ->
                listener.arrived.size() == 1 && !dispatcher.failingMembers().isEmpty());
        assertThat(listener.passed).isEmpty();

        node.behaviour = request -> Status.OK;

        await().until(() -> listener.passed.size() == 1);
        assertThat(listener.passed).containsExactly("app/sync-1/42 in 0 at " + GTID);
        assertThat(listener.assigned).containsExactly(new Partition("changes", 0));
    }

    private static String heartbeat() {
        return "{\"data\":[{\"id\":\"0\",\"source\":\"app\",\"instance\":\"sync-1\",\"beat\":\"42\"}],"
                + "\"database\":\"sluice\",\"gtid\":\"" + GTID + "\",\"isDdl\":false,\"mysqlType\":{},\"old\":null,"
                + "\"table\":\"heartbeat\",\"type\":\"INSERT\"}";
    }

    @Test
    void aPartitionWithoutOffsetRemovesEverythingFirstAndStartsAtItsOldestRecord() {
        RecordingConsumer consumer = consumerAt(null);
        consumer.updateBeginningOffsets(Map.of(P0, 3L));
        node.behaviour = request -> Status.UNAVAILABLE;
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> dispatcher.inFlight() == 1);
        consumer.schedulePollTask(() -> add(consumer, 3, insert("1")));
        await().until(() -> dispatcher.inFlight() == 2);
        assertThat(consumer.lastCommit).isEqualTo(-1);

        node.behaviour = request -> Status.OK;

        await().until(() -> consumer.lastCommit == 4);
        assertThat(node.removals()).containsExactlyInAnyOrder("student/@", "student/1@" + GTID);
    }

    @Test
    void whereThePrimaryTellsItsPositionAPartitionWithoutOffsetStartsAtItsEnd() {
        primary.set(source -> H);
        RecordingConsumer consumer = consumerAt(null);
        node.behaviour = request -> Status.UNAVAILABLE;
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> dispatcher.inFlight() == 1);
        consumer.schedulePollTask(() -> add(consumer, 1_000, insert("1")));
        await().until(() -> dispatcher.inFlight() == 2);
        assertThat(consumer.lastCommit).isEqualTo(-1);

        node.behaviour = request -> Status.OK;

        await().until(() -> consumer.lastCommit == 1_001);
        assertThat(node.removals()).containsExactlyInAnyOrder("student/@" + H, "student/1@" + GTID);
        assertThat(consumer.lastMetadata).isEqualTo(OffsetMetadata.of(RULES, Set.of(), Map.of()));
    }

    @Test
    void newRulesMapTheNextRecordAndTheirGroupsAreClearedBeforeAnyOffsetVouchesForThem() {
        CompletableFuture<SourcePosition> heartbeat = new CompletableFuture<>();
        primary.set(source -> heartbeat.join());
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());

        clears.offer(OTHER_RULES);

        await().until(() -> clears.outstanding() == 1);
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));
        await().until(() -> consumer.lastCommit == 6);
        assertThat(node.removals()).containsExactly("student/s1@" + GTID);
        assertThat(consumer.lastMetadata).isEqualTo(OffsetMetadata.of(OTHER_RULES, Set.of("student"), Map.of()));

        heartbeat.complete(H);

        await().until(() -> consumer.lastMetadata.equals(OffsetMetadata.of(OTHER_RULES, Set.of(), Map.of())));
        assertThat(consumer.lastCommit).isEqualTo(6);
        assertThat(node.removals()).containsExactly("student/s1@" + GTID, "student/@" + H);
        assertThat(clears.outstanding()).isZero();
    }

    @Test
    void anOffsetCommittedUnderOtherRulesHasItsGroupsClearedAndIsCommittedAnew() {
        primary.set(source -> H);
        RecordingConsumer consumer = new RecordingConsumer();
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.updateEndOffsets(Map.of(P0, 1_000L));
        consumer.schedulePollTask(() -> {
            consumer.commitSync(
                    Map.of(P0, new OffsetAndMetadata(5, OffsetMetadata.of(OTHER_RULES, Set.of(), Map.of()))));
            consumer.rebalance(List.of(P0));
        });
        start(FlowLimits.DEFAULTS, consumer);

        await().until(() -> consumer.lastMetadata.equals(OffsetMetadata.of(RULES, Set.of(), Map.of())));
        assertThat(consumer.lastCommit).isEqualTo(5);
        assertThat(node.removals()).containsExactly("student/@" + H);
    }

    @Test
    void anOffsetCommittedUnderTheSameRulesNeedsNoClearing() {
        RecordingConsumer consumer = new RecordingConsumer();
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.schedulePollTask(() -> {
            consumer.commitSync(Map.of(P0, new OffsetAndMetadata(5, OffsetMetadata.of(RULES, Set.of(), Map.of()))));
            consumer.rebalance(List.of(P0));
        });
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));

        await().until(() -> consumer.lastCommit == 6);
        assertThat(node.removals()).containsExactly("student/1@" + GTID);
    }

    @Test
    void anOffsetThatRetentionHasOvertakenIsALostPosition() {
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());
        consumer.schedulePollTask(() -> consumer.updateBeginningOffsets(Map.of(P0, 50L)));
        consumer.schedulePollTask(() -> consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 5L))));

        await().until(() -> consumer.lastCommit == 50);
        assertThat(node.removals()).containsExactly("student/@");
    }

    @Test
    void aPositionOfAnotherHistoryClearsTheGroupsAndNoOffsetVouchesForThemBefore() {
        CompletableFuture<SourcePosition> heartbeat = new CompletableFuture<>();
        primary.set(source -> heartbeat.join());
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        String other = GTID.replace("1-17", "1-9:20-30");
        consumer.schedulePollTask(() -> {
            add(consumer, 5, insert("1"));
            add(consumer, 6, insert("2").replace(GTID, other));
        });
        await().until(() -> consumer.lastCommit == 7);
        assertThat(consumer.lastMetadata).isEqualTo(OffsetMetadata.of(RULES, Set.of("student"), Map.of()));
        assertThat(lost.isOpen("app")).isTrue();

        heartbeat.complete(H);

        await().until(() -> consumer.lastMetadata.equals(OffsetMetadata.of(RULES, Set.of(), Map.of())));
        assertThat(node.removals()).containsExactly("student/1@" + GTID, "student/2@" + other, "student/@" + H);
        assertThat(lost.isOpen("app")).isFalse();
    }

    @Test
    void manyRecordsWithoutAPositionClearTheGroupsOnce() {
        primary.set(source -> H);
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> {
            for (int i = 5; i < 50; i++) {
                add(consumer, i, insert("" + i).replace(GTID, ""));
            }
        });
        await().until(() -> node.removals().contains("student/@" + H));
        await().during(Duration.ofMillis(300))
                .until(() -> node.removals().stream()
                                .filter(("student/@" + H)::equals)
                                .count()
                        == 1);
    }

    @Test
    void whatASourceHasLeftBehindIsForgottenBeforeThePositionIsReadThatEverythingIsClearedAt() {
        primary.set(source -> {
            assertThat(node.removals()).containsExactly("student/@" + GTID.replace("1-17", "4-9223372036854775806"));
            return H;
        });
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        String server = GTID.substring(0, GTID.indexOf(':'));
        beat(GTID, server);
        assertThat(lost.isOpen("app")).isFalse();

        beat(GTID.replace("17", "3"), server);

        await().until(() -> node.removals().contains("student/@" + H));
        await().until(() -> !lost.isOpen("app"));
        assertThat(node.removals()).hasSize(2);
    }

    /** All who had seen the old server may be gone by now: what they committed has seen it. */
    @Test
    void aFailoverWhileNothingRanIsFoundByTheServerThatTheOffsetWasCommittedOn() {
        primary.set(source -> H);
        String after = "f0000000-0000-0000-8000-00000000000b";
        RecordingConsumer consumer = new RecordingConsumer();
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.schedulePollTask(() -> {
            consumer.commitSync(Map.of(
                    P0, new OffsetAndMetadata(5, OffsetMetadata.of(RULES, Set.of(), Map.of("app", "the-old-server")))));
            consumer.rebalance(List.of(P0));
        });
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> stream.histories.servers().equals(Map.of("app", "the-old-server")));

        beat(GTID + "," + after + ":1", after);

        String cleared = OffsetMetadata.of(RULES, Set.of(), Map.of("app", after));
        await().until(() -> consumer.lastMetadata.equals(cleared));
        assertThat(node.removals()).containsExactly("student/@" + H);
        assertThat(consumer.lastCommit).isEqualTo(5);
    }

    private void beat(String executed, String server) {
        stream.histories.begins("app").accept(new PrimaryState(SourcePosition.parse(executed), server, 0));
    }

    @Test
    void recordsOfALogThatIsGoneDoNotMoveTheOffsetOfTheOneThatFollowsIt() {
        node.behaviour = request -> Status.UNAVAILABLE;
        RecordingConsumer consumer = consumerAt(500L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> add(consumer, 500, insert("1")));
        await().until(() -> dispatcher.inFlight() == 1);
        consumer.schedulePollTask(() -> consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 501L))));
        await().until(() -> dispatcher.inFlight() == 2);
        AtomicBoolean everythingRefused = new AtomicBoolean(true);
        node.behaviour = request -> everythingRefused.get() && asksForAGroup(request) ? Status.UNAVAILABLE : Status.OK;
        consumer.schedulePollTask(() -> add(consumer, 0, insert("2")));
        await().until(() -> node.removals().contains("student/1@" + GTID));
        await().during(Duration.ofMillis(300)).until(() -> consumer.lastCommit == 500);

        everythingRefused.set(false);

        await().until(() -> consumer.lastCommit == 1);
    }

    @Test
    void malformedRecordsGoToTheDeadLettersAndDoNotStopThePartition() {
        RecordingConsumer consumer = consumerAt(0L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> {
            add(consumer, 0, "no json");
            add(consumer, 1, insert("1").replace("INSERT", "WHATEVER"));
            add(consumer, 2, insert("2"));
        });

        await().until(() -> consumer.lastCommit == 3);
        assertThat(node.removals()).containsExactlyInAnyOrder("student/@" + GTID, "student/2@" + GTID);
        assertThat(letters.history()).hasSize(2);
        ProducerRecord<byte[], byte[]> letter = letters.history().getFirst();
        assertThat(letter.topic()).isEqualTo("letters");
        assertThat(letter.value()).asString(UTF_8).isEqualTo("no json");
        assertThat(header(letter, "sluice-topic")).isEqualTo("changes");
        assertThat(header(letter, "sluice-partition")).isEqualTo("0");
        assertThat(header(letter, "sluice-offset")).isEqualTo("0");
        assertThat(header(letter, "sluice-error-kind")).isEqualTo("unparsable");
        assertThat(header(letters.history().get(1), "sluice-error-kind")).isEqualTo("unknown_type");
    }

    @Test
    void aDeadLetterThatCannotBeWrittenHoldsTheOffset() {
        letters.sendException = new KafkaException("not allowed");
        RecordingConsumer consumer = consumerAt(0L);
        ChangeConsumer changes = start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> {
            add(consumer, 0, "no json");
            add(consumer, 1, insert("2"));
        });
        await().until(() -> node.removals().size() == 1 && changes.inFlight() == 2);
        assertThat(consumer.lastCommit).isZero();

        letters.sendException = null;

        await().until(() -> consumer.lastCommit == 2);
    }

    @Test
    void whateverTheProducerThrowsTheDeadLetterIsTriedAgain() {
        letters.sendException = new IllegalStateException("not what a producer should throw");
        RecordingConsumer consumer = consumerAt(0L);
        ChangeConsumer changes = start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> {
            add(consumer, 0, "no json");
            add(consumer, 1, insert("2"));
        });
        await().until(() -> node.removals().size() == 1 && changes.inFlight() == 2 && letters.refused.get() > 0);

        letters.sendException = null;

        await().until(() -> consumer.lastCommit == 2);
    }

    @Test
    void theTopicOfDeadLettersIsMadeAnewWhenItIsMissing() {
        letters.sendException = new TimeoutException("Topic letters not present in metadata");
        RecordingConsumer consumer = consumerAt(0L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> add(consumer, 0, "no json"));

        await().until(() -> topicsEnsured.get() > 1);
    }

    @Test
    void aDeadLetterTooLargeForTheBrokerIsCutAndSaysSo() {
        RecordingConsumer consumer = consumerAt(0L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> add(consumer, 0, "x".repeat(200_000)));

        await().until(() -> consumer.lastCommit == 1);
        assertThat(letters.history().getFirst().value()).hasSize(DeadLetterProducer.CUT_BYTES);
        assertThat(header(letters.history().getFirst(), "sluice-original-bytes"))
                .isEqualTo("200000");
    }

    @Test
    void withTooMuchInFlightPartitionsPauseWhilePollingGoesOn() {
        node.behaviour = request -> Status.UNAVAILABLE;
        RecordingConsumer consumer = consumerAt(0L);
        FlowLimits usual = FlowLimits.DEFAULTS;
        FlowLimits few = new FlowLimits(
                usual.maxRecord(),
                4,
                usual.inFlightBytes(),
                usual.waitingBytes(),
                usual.commitInterval(),
                Duration.ofMillis(1),
                usual.retry());
        ChangeConsumer changes = start(few, consumer);
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < 10; i++) {
                add(consumer, i, insert("" + i));
            }
        });
        await().until(changes::isFull);
        assertThat(changes.isReady()).isTrue();

        node.behaviour = request -> Status.OK;

        await().until(() -> consumer.lastCommit == 10 && !changes.isFull());
    }

    @Test
    void aConsumerThatFailedForGoodIsReplacedAndStartsFromTheCommittedOffset() {
        RecordingConsumer first = consumerAt(0L);
        RecordingConsumer second = consumerAt(0L);
        ChangeConsumer changes = start(quickRetry(), first, second);
        first.schedulePollTask(() -> first.setPollException(new KafkaException("fatal")));
        second.schedulePollTask(() -> add(second, 0, insert("1")));

        await().until(() -> second.lastCommit == 1);
        assertThat(first.closed()).isTrue();
        await().until(changes::isReady);
    }

    @Test
    void aConsumerThatCannotBeMadeNowIsMadeLater() {
        RecordingConsumer consumer = consumerAt(0L);
        AtomicInteger attempts = new AtomicInteger();
        ChangeConsumer changes = start(quickRetry(), () -> {
            if (attempts.incrementAndGet() < 3) {
                throw new KafkaException("No resolvable bootstrap urls");
            }
            return consumer;
        });
        consumer.schedulePollTask(() -> add(consumer, 0, insert("1")));

        await().until(() -> consumer.lastCommit == 1);
        await().until(changes::isReady);
    }

    @Test
    void closingCommitsWhatIsDone() {
        RecordingConsumer consumer = consumerAt(0L);
        FlowLimits usual = FlowLimits.DEFAULTS;
        FlowLimits rareCommits = new FlowLimits(
                usual.maxRecord(),
                usual.inFlightRecords(),
                usual.inFlightBytes(),
                usual.waitingBytes(),
                Duration.ofHours(1),
                usual.drainTimeout(),
                usual.retry());
        ChangeConsumer changes = start(rareCommits, consumer);
        consumer.schedulePollTask(() -> add(consumer, 0, insert("1")));
        await().until(() -> consumer.lastCommit == 1);
        consumer.schedulePollTask(() -> add(consumer, 1, insert("2")));
        await().until(() -> node.removals().size() == 2);

        changes.close();

        assertThat(consumer.lastCommit).isEqualTo(2L);
        assertThat(changes.isReady()).isFalse();
    }

    @Test
    void withoutARegistrationWhatIsDoneIsNotCommittedUntilThereIsOneAtTheSameRevision() {
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());
        registration.leased = false;
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));
        await().until(() -> node.removals().size() == 1 && dispatcher.inFlight() == 0);
        await().during(Duration.ofMillis(300)).until(() -> consumer.lastCommit == 5);

        registration.incarnation = 2;
        registration.leased = true;

        await().until(() -> consumer.lastCommit == 6);
        assertThat(node.removals()).hasSize(1);
    }

    @Test
    void registeredAgainAtAnotherRevisionItConsumesAgainFromTheCommittedOffset() {
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());
        registration.leased = false;
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));
        await().until(() -> node.removals().size() == 1 && dispatcher.inFlight() == 0);
        assertThat(consumer.position(P0)).isEqualTo(6);

        registration.incarnation = 2;
        registration.revision = 8;
        registration.leased = true;

        await().until(() -> consumer.position(P0) == 5);
        assertThat(consumer.lastCommit).isEqualTo(5);
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));
        await().until(() -> consumer.lastCommit == 6);
        assertThat(node.removals()).hasSize(2);
    }

    @Test
    void aPartitionThatNeverCommittedStartsOverWithTheRemovalOfEverything() {
        RecordingConsumer consumer = consumerAt(null);
        registration.leased = true;
        node.behaviour = request -> Status.UNAVAILABLE;
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> dispatcher.inFlight() == 1);
        registration.leased = false;
        node.behaviour = request -> Status.OK;
        await().until(() -> node.removals().size() == 1 && dispatcher.inFlight() == 0);

        registration.incarnation = 2;
        registration.revision = 8;
        registration.leased = true;

        await().until(() -> node.removals().size() == 2);
        await().until(() -> consumer.lastCommit == 0);
        assertThat(node.removals()).containsExactly("student/@", "student/@");
    }

    @Test
    void withoutARegistrationNodesAreStillToldWhatIsDoneUntilAnotherTopologyIsKnown() {
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());
        registration.leased = false;
        consumer.schedulePollTask(() -> add(consumer, 5, heartbeat()));
        await().until(() -> listener.passed.size() == 1);

        registration.revision = 8;
        consumer.schedulePollTask(() -> add(consumer, 6, heartbeat()));
        await().until(() -> listener.arrived.size() == 2);
        await().during(Duration.ofMillis(200)).until(() -> listener.passed.size() == 1);
    }

    /**
     * 1: this instance and a node lose etcd. 2: another instance, to which the node is gone, does a removal of the
     * partition without it and commits. 3: the partition is assigned to this instance, to which the node is there. 4: a
     * heartbeat behind the removal comes. The node must not be told of it.
     */
    @Test
    void ofAPartitionAssignedWithoutARegistrationNodesAreToldNothingUntilThereIsOne() {
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());
        registration.leased = false;
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of());
            consumer.rebalance(List.of(P0));
            consumer.seek(P0, 5);
            add(consumer, 5, heartbeat());
        });
        await().until(() -> listener.arrived.size() == 1);
        await().during(Duration.ofMillis(200)).until(listener.passed::isEmpty);

        registration.leased = true;
        await().until(() -> consumer.lastCommit == 6);
        assertThat(listener.passed)
                .as("what could not be told is not told later")
                .isEmpty();
        consumer.schedulePollTask(() -> add(consumer, 6, heartbeat()));
        await().until(() -> listener.passed.size() == 1);
    }

    /** The same where only the node has lost etcd, and this instance the watch of who is there, without noticing. */
    @Test
    void ofANewPartitionNodesAreToldNothingUntilItIsKnownAnewWhichNodesThereAre() {
        registration.looks = false;
        RecordingConsumer consumer = consumerAt(5L);
        start(FlowLimits.DEFAULTS, consumer);
        consumer.schedulePollTask(() -> add(consumer, 5, heartbeat()));
        await().until(() -> consumer.lastCommit == 6);
        await().during(Duration.ofMillis(200)).until(listener.passed::isEmpty);

        consumer.schedulePollTask(() -> registration.looks = true);
        // At the next poll, so that it has been looked up by then.
        consumer.schedulePollTask(() -> add(consumer, 6, heartbeat()));
        await().until(() -> listener.passed.size() == 1);
    }

    @Test
    void aRevokedPartitionTakesWhatIsOnlyProvisionallyDoneWithIt() {
        RecordingConsumer consumer = consumerAt(5L);
        ChangeConsumer changes = start(FlowLimits.DEFAULTS, consumer);
        await().until(() -> !consumer.assignment().isEmpty());
        registration.leased = false;
        consumer.schedulePollTask(() -> add(consumer, 5, insert("1")));
        await().until(() -> node.removals().size() == 1 && dispatcher.inFlight() == 0);

        changes.close();

        assertThat(consumer.lastCommit).isEqualTo(5);
    }

    @Test
    void toldOfANewerTopologyWithoutARegistrationItLeavesTheGroupAndComesBackRegistered() {
        RecordingConsumer first = consumerAt(5L);
        RecordingConsumer second = consumerAt(5L);
        ChangeConsumer changes = start(quickRetry(), first, second);
        await().until(() -> !first.assignment().isEmpty());
        registration.leased = false;
        first.schedulePollTask(() -> add(first, 5, insert("1")));
        await().until(() -> node.removals().size() == 1 && dispatcher.inFlight() == 0);

        registration.heardOfNewer = true;

        await().until(first::closed);
        assertThat(first.lastCommit).isEqualTo(5);
        assertThat(changes.isReady()).isFalse();
        await().during(Duration.ofMillis(200)).until(() -> second.assignment().isEmpty());

        registration.heardOfNewer = false;
        registration.incarnation = 2;
        registration.revision = 8;
        registration.leased = true;

        second.schedulePollTask(() -> add(second, 5, insert("1")));
        await().until(() -> second.lastCommit == 6);
    }

    private ChangeConsumer start(FlowLimits limits, RecordingConsumer... inOrder) {
        Iterator<RecordingConsumer> next = List.of(inOrder).iterator();
        return start(limits, next::next);
    }

    private ChangeConsumer start(FlowLimits limits, Supplier<Consumer<byte[], byte[]>> consumers) {
        return stream.start(limits, consumers, deadLetters, listener);
    }

    private static FlowLimits quickRetry() {
        FlowLimits usual = FlowLimits.DEFAULTS;
        return new FlowLimits(
                usual.maxRecord(),
                usual.inFlightRecords(),
                usual.inFlightBytes(),
                usual.waitingBytes(),
                usual.commitInterval(),
                usual.drainTimeout(),
                Duration.ofMillis(5));
    }

    /** A consumer that gets the partition with its first poll. */
    private static RecordingConsumer consumerAt(@Nullable Long committed) {
        RecordingConsumer consumer = new RecordingConsumer();
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.updateEndOffsets(Map.of(P0, 1_000L));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(P0));
            if (committed != null) {
                consumer.commitSync(
                        Map.of(P0, new OffsetAndMetadata(committed, OffsetMetadata.of(RULES, Set.of(), Map.of()))));
            }
        });
        return consumer;
    }

    private static boolean asksForAGroup(PeerRemoveRequest request) {
        return request.getRemovalsList().stream()
                .anyMatch(removal -> removal.getScope() == RemovalScope.REMOVAL_SCOPE_GROUP);
    }

    private static void add(RecordingConsumer consumer, long offset, String json) {
        consumer.addRecord(new ConsumerRecord<>("changes", 0, offset, null, json.getBytes(UTF_8)));
    }

    private static String insert(String id) {
        return "{\"data\":[{\"id\":\"" + id + "\"}],\"database\":\"app\",\"gtid\":\"" + GTID + "\",\"isDdl\":false,"
                + "\"mysqlType\":{\"id\":\"bigint\"},\"old\":null,\"table\":\"students\",\"type\":\"INSERT\"}";
    }

    private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }

    /** Remembers what it was told. */
    private static final class RecordingListener implements StreamListener {
        private final List<String> arrived = new CopyOnWriteArrayList<>();
        private final List<String> passed = new CopyOnWriteArrayList<>();
        private volatile Set<Partition> assigned = Set.of();

        @Override
        public void arrived(Heartbeat heartbeat, Partition partition, String position) {
            arrived.add(text(heartbeat, partition, position));
        }

        @Override
        public void passed(Heartbeat heartbeat, Partition partition, String position, long revision) {
            passed.add(text(heartbeat, partition, position));
        }

        private static String text(Heartbeat heartbeat, Partition partition, String position) {
            return heartbeat.source() + "/" + heartbeat.instance() + "/" + heartbeat.beat() + " in "
                    + partition.number() + " at " + position;
        }

        @Override
        public void consumes(Set<Partition> nowAssigned, Map<String, Integer> counts) {
            assigned = Set.copyOf(nowAssigned);
        }
    }

    /** Remembers the last committed offset, also after it is closed; -1 before the first commit. */
    private static final class RecordingConsumer extends MockConsumer<byte[], byte[]> {
        private volatile long lastCommit = -1;
        private volatile String lastMetadata = "";

        RecordingConsumer() {
            super("none");
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            record(offsets);
            super.commitAsync(offsets, callback);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            record(offsets);
            super.commitSync(offsets, timeout);
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            record(offsets);
            super.commitSync(offsets);
        }

        private void record(Map<TopicPartition, OffsetAndMetadata> offsets) {
            OffsetAndMetadata offset = offsets.get(P0);
            if (offset != null) {
                lastMetadata = offset.metadata();
                lastCommit = offset.offset();
            }
        }
    }

    /** Refuses large records as a broker does. */
    private static final class SmallProducer extends MockProducer<byte[], byte[]> {
        private final AtomicInteger refused = new AtomicInteger();

        SmallProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            refused.addAndGet(sendException == null ? 0 : 1);
            if (record.value().length > DeadLetterProducer.CUT_BYTES) {
                throw new RecordTooLargeException("too large");
            }
            return super.send(record);
        }
    }
}
