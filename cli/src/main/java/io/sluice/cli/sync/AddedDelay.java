package io.sluice.cli.sync;

import static java.util.Objects.requireNonNull;

import io.sluice.cli.demo.SluiceProcess;
import io.sluice.devstack.Devstack;
import io.sluice.devstack.MysqlServer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the sync service adds to a change at a low rate: from Kafka's acknowledgement of a record, by then others can
 * read it, to its Remove at a node. The acknowledgement reaches this process a little after consumers may have the
 * record, so the time from before the sending is told as well, which is too long by a write to Kafka. Used by one
 * thread.
 */
final class AddedDelay {
    private static final String NAME = "bench-sync-delay";
    private static final int PARTITIONS = 4;
    private static final int WARM_UP = 500;
    private static final int MESSAGES = 1_500;
    private static final long BETWEEN_NANOS = 10_000_000;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Devstack stack;
    private final Topics topics;
    private final PrintStream progress;
    private final Map<String, Long> removed = new ConcurrentHashMap<>();

    AddedDelay(Devstack stack, Topics topics, PrintStream progress) {
        this.stack = requireNonNull(stack, "stack is null");
        this.topics = requireNonNull(topics, "topics is null");
        this.progress = requireNonNull(progress, "progress is null");
    }

    Percentiles run() throws IOException, ExecutionException, InterruptedException {
        topics.create(NAME, PARTITIONS);
        String rules = ChangeMessages.rules(stack.mysql().jdbcUrl("golden"), MysqlServer.USERNAME);
        Delays sinceAcknowledged = new Delays();
        Delays sinceSent = new Delays();
        try (RemoveReceiver receiver = new RemoveReceiver(removed::putIfAbsent);
                SluiceProcess sync = BenchSyncService.start(stack, NAME, NAME, rules, receiver.port());
                KafkaProducer<byte[], byte[]> producer = topics.producer()) {
            requireNonNull(sync, "sync is null");
            ChangeMessages messages = new ChangeMessages();
            for (int number = 0; number < WARM_UP + MESSAGES; number++) {
                byte[] message = messages.message(number);
                long sent = System.nanoTime();
                long acknowledged = send(producer, number % PARTITIONS, message);
                long at = awaitRemoved(ChangeMessages.key(number, 0));
                if (number >= WARM_UP) {
                    sinceAcknowledged.add(at - acknowledged);
                    sinceSent.add(at - sent);
                }
                LockSupport.parkNanos(BETWEEN_NANOS);
            }
        }
        progress.println("  from the acknowledgement: " + sinceAcknowledged.percentiles());
        progress.println("  from before the sending:  " + sinceSent.percentiles());
        return sinceAcknowledged.percentiles();
    }

    private static long send(KafkaProducer<byte[], byte[]> producer, int partition, byte[] message)
            throws ExecutionException, InterruptedException {
        long[] acknowledged = new long[1];
        producer.send(new ProducerRecord<>(NAME, partition, null, message), (metadata, error) -> {
                    acknowledged[0] = System.nanoTime();
                })
                .get();
        return acknowledged[0];
    }

    private long awaitRemoved(String key) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Long at = removed.get(key);
        while (at == null) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("A Remove did not come; the logs are in " + stack.directory());
            }
            LockSupport.parkNanos(100_000);
            at = removed.get(key);
        }
        return at;
    }
}
