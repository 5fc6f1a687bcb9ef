package io.sluice.sync;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.kafka.ChangeStream;
import io.sluice.sync.ring.RingPart;
import java.util.Optional;

/** Whether the service does its work, and if not, why. Safe for use by many threads. Keeps nothing. */
final class Readiness {
    private final Dispatcher dispatcher;
    private final RingPart ringPart;
    private final ChangeStream stream;

    Readiness(Dispatcher dispatcher, RingPart ringPart, ChangeStream stream) {
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.ringPart = requireNonNull(ringPart, "ringPart is null");
        this.stream = requireNonNull(stream, "stream is null");
    }

    /** In words for an operator; empty when it is ready. */
    Optional<String> reasonNotReady() {
        if (!ringPart.leased()) {
            return Optional.of("not registered in etcd: nothing is committed");
        }
        if (!stream.isReady()) {
            return Optional.of("not connected to Kafka as a member of the consumer group");
        }
        if (stream.control().isPaused()) {
            return Optional.of("paused by an operator: sync resume ends it");
        }
        if (!dispatcher.hasMembers()) {
            return Optional.of("no node is known: removals wait for the first one");
        }
        return Optional.empty();
    }
}
