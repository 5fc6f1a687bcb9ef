package io.sluice.simulation;

import io.sluice.cluster.SimProcess;
import io.sluice.cluster.SimWorld;
import io.sluice.mapping.Rules;
import io.sluice.sync.kafka.SimStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A simulated topic with its consumer group: records in order, committed offsets, a group that gives partitions to
 * members, takes them back, and forgets members that do not poll.
 */
final class SimKafka {
    static final int PARTITIONS = 2;
    static final List<TopicPartition> ALL = partitions();
    private static final long SESSION_NANOS = 1_500 * SimWorld.MILLIS;

    final SimWorld world;
    private final List<List<SimDatabase.Published>> logs = new ArrayList<>();
    private final long[] begins = new long[PARTITIONS];
    private final Map<TopicPartition, OffsetAndMetadata> committed = new LinkedHashMap<>();
    private final Map<TopicPartition, SimConsumer> owners = new LinkedHashMap<>();
    private final Map<TopicPartition, SimConsumer> targets = new LinkedHashMap<>();
    private final List<SimConsumer> members = new ArrayList<>();
    private final Rules rules;
    private Committed observer = (partition, from, to, by) -> {};

    /** Told of every commit that the broker takes. */
    interface Committed {
        void committed(int partition, long from, long to, SimProcess by);
    }

    SimKafka(SimWorld world, Rules rules) {
        this.world = world;
        this.rules = rules;
        for (int i = 0; i < PARTITIONS; i++) {
            logs.add(new ArrayList<>());
        }
    }

    private static List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            all.add(new TopicPartition(SimStream.TOPIC, i));
        }
        return List.copyOf(all);
    }

    void observe(Committed committedTo) {
        observer = committedTo;
    }

    /** Canal chooses the partition by the row. */
    void publish(SimDatabase.Published published) {
        Transaction transaction = published.transaction();
        if (transaction.kind == Transaction.Kind.XA_COMMIT) {
            return;
        }
        int partition =
                transaction.heartbeat == null ? transaction.key % PARTITIONS : transaction.heartbeat.id() % PARTITIONS;
        logs.get(partition).add(published);
    }

    SimDatabase.Published record(byte[] value) {
        ByteBuffer at = ByteBuffer.wrap(value);
        return logs.get(at.getInt()).get(at.getInt());
    }

    static byte[] value(int partition, long offset) {
        return ByteBuffer.allocate(8).putInt(partition).putInt((int) offset).array();
    }

    SimDatabase.Published record(int partition, long offset) {
        return logs.get(partition).get((int) offset);
    }

    long end(TopicPartition partition) {
        return logs.get(partition.partition()).size();
    }

    long begin(TopicPartition partition) {
        return begins[partition.partition()];
    }

    /** Retention overtakes whoever is behind. */
    void expire(double part) {
        for (TopicPartition partition : ALL) {
            long begin = (long) (end(partition) * part);
            begins[partition.partition()] = Math.max(begin(partition), begin);
        }
    }

    @Nullable OffsetAndMetadata committed(TopicPartition partition) {
        return committed.get(partition);
    }

    /** False when somebody else has one of the partitions. */
    boolean commit(SimConsumer by, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.keySet().stream().anyMatch(partition -> owners.get(partition) != by)) {
            return false;
        }
        offsets.forEach((partition, offset) -> {
            OffsetAndMetadata before = committed.put(partition, offset);
            if (SimStream.isWhole(offset.metadata(), rules)) {
                observer.committed(
                        partition.partition(), before == null ? 0 : before.offset(), offset.offset(), by.process());
            }
        });
        return true;
    }

    /** Whether all is consumed and committed. */
    boolean isSettled() {
        return ALL.stream().allMatch(partition -> {
            OffsetAndMetadata offset = committed.get(partition);
            return offset != null && offset.offset() == end(partition) && SimStream.isWhole(offset.metadata(), rules);
        });
    }

    /** A new member of the group. */
    @SuppressWarnings("unchecked")
    Consumer<byte[], byte[]> join(SimProcess process) {
        SimConsumer consumer = new SimConsumer(this, process);
        members.add(consumer);
        assign();
        return (Consumer<byte[], byte[]>)
                Proxy.newProxyInstance(SimKafka.class.getClassLoader(), new Class<?>[] {Consumer.class}, consumer);
    }

    void leave(SimConsumer member) {
        members.remove(member);
        owners.values().removeIf(member::equals);
        assign();
    }

    /** All consumers of a process. */
    void leave(SimProcess process) {
        List.copyOf(members).stream()
                .filter(member -> member.process().equals(process))
                .forEach(this::leave);
    }

    /** The group gives each partition to somebody, perhaps somebody else. */
    void assign() {
        for (TopicPartition partition : ALL) {
            if (members.isEmpty()) {
                targets.remove(partition);
            } else {
                targets.put(partition, world.any(members));
            }
        }
    }

    /** The group gives the partition of a row to one process, and the others to others, if there are any. */
    void assign(int key, SimProcess process) {
        for (TopicPartition partition : ALL) {
            boolean ofRow = partition.partition() == key % PARTITIONS;
            members.stream()
                    .filter(member -> member.process().equals(process) == ofRow)
                    .findFirst()
                    .ifPresent(member -> targets.put(partition, member));
        }
    }

    /** Forgets those that have not polled for long. */
    void expel() {
        List<SimConsumer> silent = members.stream()
                .filter(member -> world.now() - member.polledNanos() > SESSION_NANOS)
                .toList();
        if (!silent.isEmpty()) {
            silent.forEach(SimConsumer::expelled);
            members.removeAll(silent);
            owners.values().removeIf(silent::contains);
            assign();
        }
    }

    void rejoin(SimConsumer member) {
        members.add(member);
        assign();
    }

    List<TopicPartition> toGiveBack(SimConsumer member) {
        return ALL.stream()
                .filter(partition -> owners.get(partition) == member && targets.get(partition) != member)
                .toList();
    }

    void givenBack(List<TopicPartition> partitions) {
        partitions.forEach(owners::remove);
    }

    List<TopicPartition> take(SimConsumer member) {
        List<TopicPartition> taken = ALL.stream()
                .filter(partition -> owners.get(partition) == null && targets.get(partition) == member)
                .toList();
        taken.forEach(partition -> owners.put(partition, member));
        return taken;
    }
}
