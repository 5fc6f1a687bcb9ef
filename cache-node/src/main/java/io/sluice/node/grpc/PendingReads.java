package io.sluice.node.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.sluice.node.Failures;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where work that may block goes: one virtual thread for each request, a bounded number of them. Network threads hand
 * off here and return at once. Removals from the sync service and copies have places of their own: however many reads
 * wait for a source that is down, entries that changed still go.
 *
 * <p>Thread-safe. Every request is answered exactly once, with its result or with a failure.
 */
public final class PendingReads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PendingReads.class);
    private static final long CLOSE_SECONDS = 5;

    /** Copies never wait either; a peer has a stream, and a stream has one batch. */
    private static final int COPY_LIMIT = 64;

    /** Removals never wait, so only the memory of their batches has to be bounded. */
    private static final int REMOVAL_LIMIT = 64;

    /** Of batches that are applied, and whose acknowledgement waits for leases to end: seconds at the most. */
    private static final int WAITING_LIMIT = 1_000;

    private final int limit;
    private final Semaphore places;
    private final Semaphore removalPlaces = new Semaphore(REMOVAL_LIMIT);
    private final Semaphore waitingPlaces = new Semaphore(WAITING_LIMIT);
    private final Semaphore copyPlaces = new Semaphore(COPY_LIMIT);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("read-", 0).factory());

    public PendingReads(int limit) {
        this.limit = limit;
        this.places = new Semaphore(limit);
    }

    /** How many are under way. */
    public int size() {
        return limit - places.availablePermits();
    }

    /** Answers with what {@code work} returns. */
    <T> void submit(StreamObserver<T> reply, Supplier<T> work) {
        if (places.tryAcquire()) {
            execute(() -> answer(reply, work), reply::onError, places);
        } else {
            reply.onError(tooMany());
        }
    }

    /** Runs {@code work}, a read that must not throw; or says why not. */
    void submit(Runnable work, Consumer<StatusRuntimeException> refused) {
        if (places.tryAcquire()) {
            execute(work, refused, places);
        } else {
            refused.accept(tooMany());
        }
    }

    private StatusRuntimeException tooMany() {
        return Failures.exhausted("The node has " + limit
                + " reads waiting for loads or peers (limits.pending-reads): back off and try again");
    }

    /**
     * The same for a batch of removals whose acknowledgement has to wait for others: no thread waits with it, and of
     * those that wait there is a bounded number as well.
     */
    <T> void submitRemovalLater(StreamObserver<T> reply, Supplier<CompletionStage<T>> work) {
        if (!waitingPlaces.tryAcquire()) {
            reply.onError(
                    Failures.exhausted(
                            "The node has " + WAITING_LIMIT
                                    + " batches of removals waiting for leases to end already: send the next when one is acknowledged"));
        } else if (removalPlaces.tryAcquire()) {
            execute(() -> answerLater(reply, work), reply::onError, removalPlaces);
        } else {
            waitingPlaces.release();
            reply.onError(tooManyRemovals());
        }
    }

    private <T> void answerLater(StreamObserver<T> reply, Supplier<CompletionStage<T>> work) {
        CompletionStage<T> stage;
        try {
            stage = work.get();
        } catch (RuntimeException | Error e) {
            waitingPlaces.release();
            reply.onError(failure(e));
            return;
        }
        var _ = stage.whenComplete((result, thrown) -> {
            waitingPlaces.release();
            if (thrown == null) {
                answer(reply, () -> result);
            } else {
                reply.onError(failure(thrown));
            }
        });
    }

    private static StatusRuntimeException tooManyRemovals() {
        return Failures.exhausted("The node is applying " + REMOVAL_LIMIT
                + " batches of removals already: send the next when one is acknowledged");
    }

    /** The same for a batch of removals, which does not wait for loads or peers. */
    <T> void submitRemoval(StreamObserver<T> reply, Supplier<T> work) {
        if (removalPlaces.tryAcquire()) {
            execute(() -> answer(reply, work), reply::onError, removalPlaces);
        } else {
            reply.onError(tooManyRemovals());
        }
    }

    /** Runs {@code work}, a batch of copies, which must not throw; or says why not. */
    void submitCopies(Runnable work, Consumer<StatusRuntimeException> refused) {
        if (copyPlaces.tryAcquire()) {
            execute(work, refused, copyPlaces);
        } else {
            refused.accept(Failures.exhausted(
                    "The node is applying " + COPY_LIMIT + " batches of copies already: send the next ones later"));
        }
    }

    private void execute(Runnable work, Consumer<StatusRuntimeException> refused, Semaphore taken) {
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    taken.release();
                }
            });
        } catch (RejectedExecutionException e) {
            taken.release();
            refused.accept(Failures.stopping());
        }
    }

    /** Runs {@code work} on this thread; for work that never blocks. */
    static <T> void answer(StreamObserver<T> reply, Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
            reply.onError(failure(e));
            return;
        }
        reply.onNext(result);
        reply.onCompleted();
    }

    /** What a caller is told: the node's own failures as they are, anything else as a defect, which is logged. */
    static StatusRuntimeException failure(Throwable e) {
        if (e instanceof StatusRuntimeException failure) {
            return failure;
        }
        log.error("A request failed for a reason that the node does not know; please report it", e);
        return Failures.internal(
                "The node failed on this request (" + e.getClass().getSimpleName() + "); its log has the details");
    }

    /** The status of a failure, for results of single keys. */
    static Status status(Throwable e) {
        return failure(e).getStatus();
    }

    /** Waits a little for what is under way, then interrupts it. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
