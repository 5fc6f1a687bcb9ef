package io.sluice.client.lease;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeasedCopies;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A holder's streams, one to each granter that was asked. One that has ended is opened again when it is needed, not
 * before a while has passed, which doubles for granters that never answer. Thread-safe; never blocks.
 *
 * @param <V> what a copy is made of
 */
public final class LeaseLinks<V> implements AutoCloseable {
    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Opener opener;
    private final LeasedCopies<V> copies;
    private final int mostValueBytes;
    private final Clocks clock;
    private final Map<Member, Link<V>> links = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Starts the call to a granter; may throw when there is no way to it. */
    @FunctionalInterface
    public interface Opener {
        StreamObserver<LeaseRequest> open(Member granter, StreamObserver<LeaseResponse> incoming);
    }

    /** A stream, and when another one may be opened after it. */
    private record Link<V>(LeaseStream<V> stream, long openedNanos, long waitNanos) {
        boolean mayReopen(long nowNanos) {
            return nowNanos - openedNanos >= waitNanos;
        }

        long nextWaitNanos() {
            return stream.hasAnswered() ? FIRST_WAIT_NANOS : Math.min(2 * waitNanos, LONGEST_WAIT_NANOS);
        }
    }

    /** @param mostValueBytes of a value that is kept */
    public LeaseLinks(Opener opener, LeasedCopies<V> copies, int mostValueBytes, Clocks clock) {
        this.opener = requireNonNull(opener, "opener is null");
        this.copies = requireNonNull(copies, "copies is null");
        this.mostValueBytes = mostValueBytes;
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** The stream to a granter; null when there is none now. */
    public @Nullable LeaseStream<V> to(Member granter) {
        Link<V> link = links.get(granter);
        if (link != null && link.stream().isOpen()) {
            return link.stream();
        }
        if (closed || (link != null && !link.mayReopen(clock.nanos()))) {
            return null;
        }
        Link<V> current = requireNonNull(links.compute(granter, (member, last) -> {
            boolean stays = last != null && (last.stream().isOpen() || !last.mayReopen(clock.nanos()));
            return last != null && stays ? last : open(member, last);
        }));
        if (closed) {
            current.stream().close();
        }
        return current.stream().isOpen() ? current.stream() : null;
    }

    private Link<V> open(Member granter, @Nullable Link<V> last) {
        return new Link<>(
                new LeaseStream<>(incoming -> opener.open(granter, incoming), copies, mostValueBytes, clock),
                clock.nanos(),
                last == null ? FIRST_WAIT_NANOS : last.nextWaitNanos());
    }

    /** Ends the streams to members that are gone, or came back as another life. */
    public void retain(Topology topology) {
        links.forEach((member, link) -> {
            if (!topology.members().contains(member) && links.remove(member, link)) {
                link.stream().close();
            }
        });
    }

    /** Drops all copies and says so to their granters. */
    @Override
    public void close() {
        closed = true;
        links.values().forEach(link -> link.stream().close());
    }
}
