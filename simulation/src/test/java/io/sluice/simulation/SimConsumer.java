package io.sluice.simulation;

import io.sluice.cluster.SimProcess;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A Kafka consumer on the simulated topic: those calls of the interface that are made, by their names. */
final class SimConsumer implements InvocationHandler {
    private static final int MOST_RECORDS = 20;

    private final SimKafka kafka;
    private final SimProcess process;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private final List<Runnable> callbacks = new ArrayList<>();
    private @Nullable ConsumerRebalanceListener listener;
    private Set<String> topics = Set.of();
    private boolean expelled;
    private long polledNanos;

    SimConsumer(SimKafka kafka, SimProcess process) {
        this.kafka = kafka;
        this.process = process;
        this.polledNanos = kafka.world.now();
    }

    SimProcess process() {
        return process;
    }

    long polledNanos() {
        return polledNanos;
    }

    void expelled() {
        expelled = true;
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
        Object[] arguments = given == null ? new Object[0] : given;
        switch (method.getName()) {
            case "subscribe" -> {
                topics = Set.copyOf((Collection<String>) arguments[0]);
                listener = (ConsumerRebalanceListener) arguments[1];
            }
            case "subscription" -> {
                return topics;
            }
            case "assignment" -> {
                return new LinkedHashSet<>(assigned);
            }
            case "poll" -> {
                return poll();
            }
            case "committed" -> {
                return committed((Set<TopicPartition>) arguments[0]);
            }
            case "endOffsets" -> {
                return offsets((Collection<TopicPartition>) arguments[0], true);
            }
            case "beginningOffsets" -> {
                return offsets((Collection<TopicPartition>) arguments[0], false);
            }
            case "seek" -> {
                long offset = arguments[1] instanceof OffsetAndMetadata stored ? stored.offset() : (Long) arguments[1];
                positions.put((TopicPartition) arguments[0], offset);
            }
            case "pause" -> paused.addAll((Collection<TopicPartition>) arguments[0]);
            case "resume" -> paused.removeAll((Collection<TopicPartition>) arguments[0]);
            case "paused" -> {
                return new LinkedHashSet<>(paused);
            }
            case "commitAsync" ->
                commitLater((Map<TopicPartition, OffsetAndMetadata>) arguments[0], (OffsetCommitCallback) arguments[1]);
            case "commitSync" -> {
                if (!kafka.commit(this, (Map<TopicPartition, OffsetAndMetadata>) arguments[0])) {
                    throw new CommitFailedException();
                }
            }
            case "partitionsFor" -> {
                return SimKafka.ALL.stream()
                        .map(partition -> new PartitionInfo(partition.topic(), partition.partition(), null, null, null))
                        .toList();
            }
            case "metrics" -> {
                return Map.of();
            }
            case "currentLag" -> {
                return OptionalLong.empty();
            }
            default -> throw new UnsupportedOperationException(method.toString());
        }
        return null;
    }

    private Map<TopicPartition, @Nullable OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, @Nullable OffsetAndMetadata> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, kafka.committed(partition)));
        return found;
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, boolean ends) {
        Map<TopicPartition, Long> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, ends ? kafka.end(partition) : kafka.begin(partition)));
        return found;
    }

    private void commitLater(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        Map<TopicPartition, OffsetAndMetadata> copy = new LinkedHashMap<>(offsets);
        kafka.world.in(kafka.world.between(0, 10), () -> {
            boolean taken = kafka.commit(this, copy);
            callbacks.add(() -> callback.onComplete(copy, taken ? null : new CommitFailedException()));
        });
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        polledNanos = kafka.world.now();
        List.copyOf(callbacks).forEach(Runnable::run);
        callbacks.clear();
        rebalance();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        requirePositions();
        for (TopicPartition partition : assigned) {
            Long position = positions.get(partition);
            if (!paused.contains(partition) && position != null && position < kafka.end(partition)) {
                long to = Math.min(kafka.end(partition), position + MOST_RECORDS);
                List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
                for (long offset = position; offset < to; offset++) {
                    byte[] value = SimKafka.value(partition.partition(), offset);
                    some.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, value));
                }
                records.put(partition, some);
                positions.put(partition, to);
            }
        }
        return new ConsumerRecords<>(records, Map.of());
    }

    private void requirePositions() {
        Set<TopicPartition> none = new LinkedHashSet<>();
        Map<TopicPartition, Long> gone = new LinkedHashMap<>();
        for (TopicPartition partition : assigned) {
            Long position = positions.get(partition);
            if (position == null) {
                none.add(partition);
            } else if (position < kafka.begin(partition)) {
                gone.put(partition, position);
            }
        }
        if (!none.isEmpty()) {
            throw new NoOffsetForPartitionException(none);
        }
        if (!gone.isEmpty()) {
            throw new OffsetOutOfRangeException(gone);
        }
    }

    private void rebalance() {
        ConsumerRebalanceListener told = listener;
        if (told == null) {
            return;
        }
        if (expelled) {
            expelled = false;
            List<TopicPartition> lost = List.copyOf(assigned);
            let(lost);
            told.onPartitionsLost(lost);
            kafka.rejoin(this);
        }
        List<TopicPartition> back = kafka.toGiveBack(this);
        if (!back.isEmpty()) {
            told.onPartitionsRevoked(back);
            let(back);
            kafka.givenBack(back);
        }
        List<TopicPartition> taken = kafka.take(this);
        if (!taken.isEmpty()) {
            assigned.addAll(taken);
            for (TopicPartition partition : taken) {
                OffsetAndMetadata offset = kafka.committed(partition);
                if (offset != null) {
                    positions.put(partition, offset.offset());
                }
            }
            told.onPartitionsAssigned(taken);
        }
    }

    private void let(List<TopicPartition> partitions) {
        partitions.forEach(assigned::remove);
        partitions.forEach(positions::remove);
        partitions.forEach(paused::remove);
    }
}
