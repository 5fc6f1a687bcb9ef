package io.sluice.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who want to hear of topologies, told one after the other on one thread.
 *
 * <p>Thread-safe. A listener that throws is logged and stays; the others are told all the same.
 */
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final Map<Object, Consumer<Topology>> listeners = new ConcurrentHashMap<>();
    private final Executor thread;
    private final Supplier<Topology> current;

    Listeners(Executor thread, Supplier<Topology> current) {
        this.thread = thread;
        this.current = current;
    }

    Membership.Subscription add(Consumer<Topology> listener) {
        Object id = new Object();
        // Added on the thread that tells: the listener gets the current topology first and misses none after it.
        thread.execute(() -> {
            listeners.put(id, listener);
            tell(listener, current.get());
        });
        return () -> thread.execute(() -> listeners.remove(id));
    }

    /** Must run on the thread. */
    void tellAll(Topology topology) {
        listeners.values().forEach(listener -> tell(listener, topology));
    }

    private static void tell(Consumer<Topology> listener, Topology topology) {
        try {
            listener.accept(topology);
        } catch (RuntimeException e) {
            log.error("A listener of the membership failed at {}", topology, e);
        }
    }
}
