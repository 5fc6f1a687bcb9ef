package io.sluice.sync.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that was put aside, with where it came from and what is wrong with it. Immutable as long as nobody changes
 * the bytes of its record.
 */
public final class DeadLetter {
    static final String PREFIX = "sluice-";
    static final String TOPIC = PREFIX + "topic";
    static final String PARTITION = PREFIX + "partition";
    static final String OFFSET = PREFIX + "offset";
    static final String TIMESTAMP_MILLIS = PREFIX + "timestamp-millis";
    static final String ERROR_KIND = PREFIX + "error-kind";
    static final String ERROR = PREFIX + "error";
    static final String ORIGINAL_BYTES = PREFIX + "original-bytes";

    private final ConsumerRecord<byte[], byte[]> record;

    DeadLetter(ConsumerRecord<byte[], byte[]> record) {
        this.record = requireNonNull(record, "record is null");
    }

    /** Its partition in the topic of dead letters. */
    public int partition() {
        return record.partition();
    }

    /** Its offset in the topic of dead letters. */
    public long offset() {
        return record.offset();
    }

    /** When it was put aside, in milliseconds since the epoch. */
    public long putAsideMillis() {
        return record.timestamp();
    }

    /** The topic that it came from; empty when the letter does not say. */
    public String originalTopic() {
        return text(TOPIC);
    }

    /** The partition that it came from, as text. */
    public String originalPartition() {
        return text(PARTITION);
    }

    /** Its offset there, as text. */
    public String originalOffset() {
        return text(OFFSET);
    }

    /** What is wrong, in one word, as in the metrics. */
    public String errorKind() {
        return text(ERROR_KIND);
    }

    /** What is wrong, in a sentence. */
    public String error() {
        return text(ERROR);
    }

    /** How many bytes the letter has; 0 for a record without value. */
    public int bytes() {
        return record.value() == null ? 0 : record.value().length;
    }

    /** Whether the letter is only the beginning of what was too large for its topic. */
    public boolean isCut() {
        return record.headers().lastHeader(ORIGINAL_BYTES) != null;
    }

    /** The record as it was, for the topic and partition that it came from. */
    ProducerRecord<byte[], byte[]> original() {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        });
        return new ProducerRecord<>(
                originalTopic(), Integer.valueOf(originalPartition()), null, record.key(), record.value(), headers);
    }

    private String text(String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}
