package io.sluice.node.read;

import io.grpc.Deadline;
import io.sluice.node.Failures;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Single flight: at most one load at a time for one key, and at most one more waiting to start.
 *
 * <p>Joining any load in progress would be wrong:
 *
 * <pre>
 * 1: miss, starts a load; the load reads the row
 *    MySQL: the row changes
 *    Remove of the key: done
 * 2: miss, joins the load of 1 and is answered the old row, although the Remove was done before it asked
 * </pre>
 *
 * So a caller gives the condition under which a flight is fresh enough for it; where the running flight is not, it
 * waits for the next flight, which starts when the running one has landed. The next flight serves everyone who came
 * before its start.
 *
 * <p>Thread-safe. {@link #fly} blocks and belongs on virtual threads; loads run on the thread of the caller that leads.
 */
final class Flights<K, T> {
    private final ConcurrentHashMap<K, Slot<T>> slots = new ConcurrentHashMap<>();

    private record Slot<T>(Flight<T> running, @Nullable Flight<T> next) {}

    /**
     * Joins the key's running flight where {@code mayJoin} accepts it, else its next one; leads a flight where there is
     * none to join.
     *
     * @param load called by the leader only; what it throws reaches everyone on the flight
     * @throws io.grpc.StatusRuntimeException DEADLINE_EXCEEDED when the flight of another lands too late for this
     *     caller
     */
    T fly(K key, Predicate<Flight<T>> mayJoin, Deadline deadline, Function<Flight<T>, T> load) {
        Flight<T> mine = new Flight<>();
        Slot<T> slot = slots.compute(key, (k, present) -> {
            if (present == null) {
                return new Slot<>(mine, null);
            }
            if (present.next() != null || mayJoin.test(present.running())) {
                return present;
            }
            return new Slot<>(present.running(), mine);
        });
        Flight<T> next = slot.next();
        if (slot.running() == mine) {
            return lead(key, mine, load);
        }
        if (next == mine) {
            awaitTurn(slot.running());
            return lead(key, mine, load);
        }
        // With a next flight there, that one is right for everyone; without, the running one was accepted above.
        return join(next == null ? slot.running() : next, deadline);
    }

    /** How many keys have a flight. */
    int size() {
        return slots.size();
    }

    /**
     * Takes the key's flight where it has none, never blocking; null where it has. Who takes it leads it, and must
     * {@link #land} or {@link #fail} it whatever happens. To hold several at once is no danger as long as their holder
     * waits for no other flight meanwhile.
     */
    @Nullable Flight<T> take(K key) {
        Flight<T> mine = new Flight<>();
        Slot<T> slot = slots.computeIfAbsent(key, k -> new Slot<>(mine, null));
        return slot.running() == mine ? mine : null;
    }

    /** Ends a flight that is led here. */
    void land(K key, Flight<T> mine, T result) {
        leave(key);
        mine.landing().complete(result);
    }

    /** Ends a flight that is led here with a failure, which reaches everyone on it. */
    void fail(K key, Flight<T> mine, Throwable failure) {
        leave(key);
        mine.landing().completeExceptionally(failure);
    }

    private T lead(K key, Flight<T> mine, Function<Flight<T>, T> load) {
        try {
            T result = load.apply(mine);
            land(key, mine, result);
            return result;
        } catch (Throwable e) {
            fail(key, mine, e);
            throw e;
        }
    }

    /** Makes room before the landing is told, so that a caller who saw the landing never finds the old flight. */
    private void leave(K key) {
        slots.computeIfPresent(key, (k, slot) -> slot.next() == null ? null : new Slot<>(slot.next(), null));
    }

    /** The running flight ends within its load's own time limits; its outcome belongs to those who joined it. */
    private static void awaitTurn(Flight<?> running) {
        running.landing().handle((result, failure) -> true).join();
    }

    private static <T> T join(Flight<T> flight, Deadline deadline) {
        try {
            return flight.landing().get(deadline.timeRemaining(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Failures.deadlineExceeded(
                    "The load of this key did not end within the request's deadline: allow more time, or see the load times");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.stopping();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("A load failed", e.getCause());
        }
    }
}
