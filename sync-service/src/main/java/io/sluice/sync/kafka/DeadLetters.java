package io.sluice.sync.kafka;

import io.sluice.sync.flow.Problem;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where records go that a person should read. Implementations are safe for use by many threads. Invariant: a letter is
 * reported as sent only when it is stored for good.
 */
interface DeadLetters extends AutoCloseable {
    /** Takes a letter without blocking; {@code whenSent} runs once it is stored, on another thread. */
    void send(ConsumerRecord<byte[], byte[]> original, Problem problem, Runnable whenSent);

    /** True when no more should be handed over for now. */
    boolean isFull();

    @Override
    void close();
}
