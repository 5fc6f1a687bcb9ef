package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition.Partition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions are consumed here and how many the topics have, for who has to know. The numbers are asked for after
 * each assignment and now and then; while the brokers do not say, once a second.
 *
 * <p>Confined to the poll thread.
 */
final class StreamShape {
    private static final Logger log = LoggerFactory.getLogger(StreamShape.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** Not everybody is told of an assignment when partitions are added: whose own did not change is not. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final StreamListener listener;
    private final LongSupplier nanoClock;
    private final Set<Partition> assigned = new HashSet<>();
    private Map<String, Integer> counts = Map.of();
    private boolean due;
    private long askedNanos;

    StreamShape(Consumer<byte[], byte[]> consumer, StreamListener listener, LongSupplier nanoClock) {
        this.consumer = requireNonNull(consumer, "consumer is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
        this.askedNanos = nanoClock.getAsLong() - TIMEOUT.toNanos();
    }

    void assigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> assigned.add(of(partition)));
        counts = Map.of();
        due = true;
        tell();
    }

    void gone(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> assigned.remove(of(partition)));
        tell();
    }

    /** Asks how many partitions there are, if that is to be asked now. */
    void refresh() {
        long now = nanoClock.getAsLong();
        if (now - askedNanos < (due ? TIMEOUT : AGAIN).toNanos()) {
            return;
        }
        askedNanos = now;
        try {
            Map<String, Integer> read = new HashMap<>();
            for (String topic : consumer.subscription()) {
                read.put(topic, consumer.partitionsFor(topic, TIMEOUT).size());
            }
            due = read.containsValue(0);
            if (!due && !read.equals(counts)) {
                counts = read;
                tell();
            }
        } catch (RetriableException e) {
            log.debug("The brokers do not say how many partitions there are", e);
        }
    }

    private void tell() {
        listener.consumes(assigned, counts);
    }

    private static Partition of(TopicPartition partition) {
        return new Partition(partition.topic(), partition.partition());
    }
}
