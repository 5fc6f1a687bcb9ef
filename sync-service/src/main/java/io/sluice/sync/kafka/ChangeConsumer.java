package io.sluice.sync.kafka;

import static java.util.Objects.requireNonNull;

import io.sluice.sync.dispatch.Dispatcher;
import io.sluice.sync.metrics.SyncMetrics;
import io.sluice.sync.resync.Resync;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the change stream being consumed: runs one {@link ConsumerSession} on its own thread and, when that consumer
 * fails for good or had to leave the group, another one with a new consumer, for ever until closed. A session begins
 * only while the instance is registered.
 *
 * <p>{@link #isReady}, {@link #start} and {@link #close} are safe for use by many threads. Invariant: a new session
 * starts from committed offsets only, so what a failed one had not finished comes again.
 */
final class ChangeConsumer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangeConsumer.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long REGISTRATION_POLL_MILLIS = 20;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Topics topics;
    private final RecordHandler handler;
    private final GroupClears clears;
    private final Resync resync;
    private final Dispatcher dispatcher;
    private final Registration registration;
    private final FlowLimits limits;
    private final StreamListener listener;
    private final StreamControl control;
    private final SyncMetrics metrics;
    private final ConsumerHealth health = new ConsumerHealth();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile OffsetTracker tracker;
    private volatile boolean full;

    ChangeConsumer(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Topics topics,
            RecordHandler handler,
            GroupClears clears,
            Resync resync,
            Dispatcher dispatcher,
            Registration registration,
            FlowLimits limits,
            StreamListener listener,
            StreamControl control,
            SyncMetrics metrics) {
        this.consumers = requireNonNull(consumers, "consumers is null");
        this.topics = requireNonNull(topics, "topics is null");
        this.handler = requireNonNull(handler, "handler is null");
        this.clears = requireNonNull(clears, "clears is null");
        this.resync = requireNonNull(resync, "resync is null");
        this.dispatcher = requireNonNull(dispatcher, "dispatcher is null");
        this.registration = requireNonNull(registration, "registration is null");
        this.limits = requireNonNull(limits, "limits is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.control = requireNonNull(control, "control is null");
        this.metrics = requireNonNull(metrics, "metrics is null");
        this.tracker = new OffsetTracker(metrics::recordsDone);
        this.thread = Thread.ofPlatform().name("sluice-sync-poll").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** True while connected and a member of the consumer group. */
    boolean isReady() {
        return health.isReady() && ended.getCount() > 0;
    }

    /** True while there is too much in flight to take more. */
    boolean isFull() {
        return full;
    }

    /** How many records are handed out and not done. */
    int inFlight() {
        return tracker.inFlight();
    }

    /** Waits until the thread has ended: after close, or because of an error that no repetition mends. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    private void run() {
        try {
            while (isOpen()) {
                if (registration.leased()) {
                    session();
                } else {
                    stopping.await(REGISTRATION_POLL_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            log.debug("Poll thread interrupted");
        } catch (Throwable e) {
            log.error("The poll thread ends, nothing is consumed any more: restart the process", e);
        } finally {
            ended.countDown();
        }
    }

    private void session() throws InterruptedException {
        Consumer<byte[], byte[]> consumer;
        try {
            consumer = consumers.get();
        } catch (KafkaException e) {
            failed(e);
            return;
        }
        OffsetTracker fresh = new OffsetTracker(metrics::recordsDone);
        tracker = fresh;
        ConsumerSession session = new ConsumerSession(
                consumer,
                handler,
                clears,
                resync,
                dispatcher,
                fresh,
                registration,
                limits,
                health,
                listener,
                control,
                System::nanoTime,
                metrics);
        GroupMembershipOperation atEnd = GroupMembershipOperation.DEFAULT;
        try {
            session.subscribe(topics);
            while (isOpen()) {
                if (!pollOnce(session)) {
                    leave(session);
                    // A static member would keep its partitions.
                    atEnd = GroupMembershipOperation.LEAVE_GROUP;
                    return;
                }
            }
            session.drain();
        } catch (KafkaException e) {
            failed(e);
        } catch (RuntimeException e) {
            log.error("Consuming failed; starting again from the committed offsets", e);
            health.assigned(false);
            stopping.await(limits.retry().toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            control.publish(StreamStatus.idle());
            close(consumer, atEnd);
        }
    }

    /** The brokers' names may not resolve at the moment, and much else: it may work next time. */
    private void failed(KafkaException e) throws InterruptedException {
        health.failed(e.toString());
        health.assigned(false);
        stopping.await(limits.retry().toNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean pollOnce(ConsumerSession session) throws InterruptedException {
        try {
            boolean goOn = session.pollOnce();
            full = session.isFull();
            return goOn;
        } catch (RetriableException e) {
            health.failed(e.toString());
            stopping.await(limits.retry().toNanos(), TimeUnit.NANOSECONDS);
            return true;
        }
    }

    private void leave(ConsumerSession session) {
        log.warn(
                "Nodes know a newer topology and this instance is not registered in etcd: it leaves the consumer group,"
                        + " so that another one takes over, until it is registered again");
        session.abandon();
        health.assigned(false);
        metrics.ringEvent("left_group");
    }

    private static void close(Consumer<byte[], byte[]> consumer, GroupMembershipOperation operation) {
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(operation));
        } catch (RuntimeException e) {
            log.info("Closing the consumer failed: {}", e.toString());
        }
    }

    private boolean isOpen() {
        return stopping.getCount() > 0;
    }

    /** Stops polling, waits a little for what is in flight, commits what is done, leaves the group. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
