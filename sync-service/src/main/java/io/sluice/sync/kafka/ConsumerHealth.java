package io.sluice.sync.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the consumer has its brokers and a place in its group, and one log line whenever that changes. The poll
 * thread writes, any thread may ask {@link #isReady}.
 *
 * <p>A consumer whose brokers are away does not fail, it just returns nothing; so this looks at how many connections it
 * has. A client that does not say counts as connected.
 */
final class ConsumerHealth {
    private static final Logger log = LoggerFactory.getLogger(ConsumerHealth.class);
    private static final long PROBE_NANOS = Duration.ofMillis(500).toNanos();

    private volatile boolean assigned;
    private volatile boolean connected;
    private boolean everProbed;
    private boolean everFailed;
    private long probedNanos;

    /** True while connected and a member of the consumer group. */
    boolean isReady() {
        return assigned && connected;
    }

    void assigned(boolean nowAssigned) {
        assigned = nowAssigned;
    }

    /** A poll came back; looks at the connections, now and then. */
    void polled(Consumer<?, ?> consumer) {
        long now = System.nanoTime();
        if (everProbed && now - probedNanos < PROBE_NANOS) {
            return;
        }
        everProbed = true;
        probedNanos = now;
        if (connections(consumer) == 0) {
            failed("no connection to any broker");
        } else if (!connected) {
            connected = true;
            log.info("Connected to Kafka");
        }
    }

    private static double connections(Consumer<?, ?> consumer) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("connection-count"))
                .map(metric -> metric.metricValue())
                .filter(Number.class::isInstance)
                .mapToDouble(value -> ((Number) value).doubleValue())
                .max()
                .orElse(1);
    }

    /** The consumer cannot go on as it is. */
    void failed(String reason) {
        if (connected || !everFailed) {
            log.warn("Kafka is not available: {}. Trying again until it is; check kafka.bootstrap-servers", reason);
        }
        everFailed = true;
        connected = false;
    }
}
