package io.sluice.node.peer;

import io.sluice.cluster.Member;
import io.sluice.node.peer.CopyStream.CopyFailedException;
import io.sluice.proto.v1.Copy;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends copies to one replica, on one virtual thread of its own.
 *
 * <p>Copies are a convenience: a batch that fails is dropped, and the replica loads what it misses. {@link #offer} is
 * thread-safe and never blocks.
 */
final class CopySender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CopySender.class);
    private static final int BATCH_COPIES = 1_000;
    private static final long BATCH_BYTES = 1L << 20;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    private final Member replica;
    private final PeerChannels channels;
    private final PeerHeaders headers;
    private final PeerEvents events;
    private final CopyQueue queue;
    private final Thread thread;
    private volatile boolean closed;

    CopySender(Member replica, PeerChannels channels, PeerHeaders headers, PeerEvents events, LongSupplier nanoClock) {
        this.replica = replica;
        this.channels = channels;
        this.headers = headers;
        this.events = events;
        this.queue = new CopyQueue(nanoClock);
        this.thread = Thread.ofVirtual().name("copies-to-" + replica.name()).start(this::run);
    }

    void offer(Copy copy) {
        events.copiesDropped(replica.name(), queue.offer(copy));
    }

    private void run() {
        CopyStream stream = null;
        boolean failing = false;
        try {
            while (!closed) {
                List<Copy> batch = queue.take(BATCH_COPIES, BATCH_BYTES);
                try {
                    stream = stream == null ? new CopyStream(channels.to(replica)) : stream;
                    int refused = stream.send(headers.header(), batch);
                    events.copiesSent(replica.name(), batch.size(), refused);
                    failing = false;
                } catch (CopyFailedException | RuntimeException e) {
                    events.copiesDropped(replica.name(), batch.size());
                    if (!failing && !closed) {
                        log.warn("Copies to {} are dropped until it answers again: {}", replica.name(), e.getMessage());
                    }
                    failing = true;
                    stream = closed(stream);
                    Thread.sleep(PAUSE_AFTER_FAILURE);
                }
            }
        } catch (InterruptedException e) {
            log.debug("Copies to {} end", replica.name());
        } finally {
            closed(stream);
        }
    }

    private static @Nullable CopyStream closed(@Nullable CopyStream stream) {
        if (stream != null) {
            stream.close();
        }
        return null;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
