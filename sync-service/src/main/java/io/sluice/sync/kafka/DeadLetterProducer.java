package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Backoff;
import io.sluice.sync.flow.Problem;
import io.sluice.sync.metrics.SyncMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters to a Kafka topic: the original key, bytes and headers, and headers that say where it came from
 * and what is wrong. One letter at a time, on its own thread, repeated until the broker has it.
 *
 * <p>A letter larger than the broker takes is cut, with a header that says so: what is lost is text for a person, and
 * the original is still in its topic. Safe for use by many threads. It takes every letter it is given; callers stop at
 * {@link #isFull}. Invariant: letters are sent in the order they were given, and none is skipped.
 */
final class DeadLetterProducer implements DeadLetters {
    /** How many waiting letters are enough; each may be as large as a record. */
    static final int FULL = 64;

    static final int CUT_BYTES = 128 << 10;

    private static final Logger log = LoggerFactory.getLogger(DeadLetterProducer.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private record Letter(ConsumerRecord<byte[], byte[]> original, Problem problem, Runnable whenSent) {}

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Runnable ensureTopic;
    private final Backoff backoff;
    private final SyncMetrics metrics;
    private final LinkedBlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean topicEnsured;
    private boolean failing;

    /** Owns the producer; {@code ensureTopic} makes the topic if it is not there, before the first letter. */
    DeadLetterProducer(
            String topic,
            Producer<byte[], byte[]> producer,
            Runnable ensureTopic,
            Backoff backoff,
            SyncMetrics metrics) {
        this.topic = requireNonNull(topic, "topic is null");
        this.producer = requireNonNull(producer, "producer is null");
        this.ensureTopic = requireNonNull(ensureTopic, "ensureTopic is null");
        this.backoff = requireNonNull(backoff, "backoff is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.thread = Thread.ofVirtual().name("sluice-sync-dead-letters").start(this::run);
    }

    @Override
    public void send(ConsumerRecord<byte[], byte[]> original, Problem problem, Runnable whenSent) {
        letters.add(new Letter(original, problem, whenSent));
    }

    @Override
    public boolean isFull() {
        return letters.size() >= FULL;
    }

    private void run() {
        try {
            while (closed.getCount() > 0) {
                deliver(letters.take());
            }
        } catch (InterruptedException e) {
            log.debug("Dead letters interrupted");
        }
    }

    private void deliver(Letter letter) throws InterruptedException {
        boolean cut = false;
        for (int attempt = 0; ; attempt++) {
            Throwable failure = trySending(letter, cut);
            if (failure == null) {
                metrics.deadLetter(letter.problem().kind(), cut ? "truncated" : "sent");
                recovered();
                letter.whenSent().run();
                return;
            }
            if (failure instanceof RecordTooLargeException && !cut) {
                cut = true;
                continue;
            }
            failed(letter.problem().kind(), failure);
            if (closed.await(backoff.delay(attempt).toNanos(), TimeUnit.NANOSECONDS)) {
                throw new InterruptedException("closed");
            }
        }
    }

    /**
     * Why the broker does not have it; null when it has. Whatever the producer throws is such a reason: if this thread
     * ended, offsets would wait for the letter for ever and nothing would say so.
     */
    private @Nullable Throwable trySending(Letter letter, boolean cut) throws InterruptedException {
        try {
            if (!topicEnsured) {
                ensureTopic.run();
                topicEnsured = true;
            }
            producer.send(record(letter, cut)).get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (RuntimeException e) {
            return e;
        }
    }

    private ProducerRecord<byte[], byte[]> record(Letter letter, boolean cut) {
        ConsumerRecord<byte[], byte[]> original = letter.original();
        byte[] value = original.value();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                null,
                original.key(),
                cut && value != null && value.length > CUT_BYTES ? Arrays.copyOf(value, CUT_BYTES) : value);
        original.headers().forEach(header -> record.headers().add(header));
        header(record, DeadLetter.TOPIC, original.topic());
        header(record, DeadLetter.PARTITION, Integer.toString(original.partition()));
        header(record, DeadLetter.OFFSET, Long.toString(original.offset()));
        header(record, DeadLetter.TIMESTAMP_MILLIS, Long.toString(original.timestamp()));
        header(record, DeadLetter.ERROR_KIND, letter.problem().kind());
        header(record, DeadLetter.ERROR, letter.problem().message());
        if (cut && value != null) {
            header(record, DeadLetter.ORIGINAL_BYTES, Integer.toString(value.length));
        }
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void failed(String kind, Throwable cause) {
        metrics.deadLetter(kind, "failed");
        if (cause instanceof UnknownTopicOrPartitionException || cause instanceof TimeoutException) {
            // Perhaps it could not be made the last time, as while too few brokers were up, or somebody deleted it.
            topicEnsured = false;
        }
        if (!failing && closed.getCount() > 0) {
            failing = true;
            log.warn(
                    "Dead letters cannot be written to topic {}: {}. Repeating; offsets wait for it. Check that the topic"
                            + " exists and may be written to",
                    topic,
                    cause.toString());
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            log.info("Dead letters are written to topic {} again", topic);
        }
    }

    /** Stops; letters not yet stored stay unsent, and their records are not done. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_TIMEOUT);
    }
}
