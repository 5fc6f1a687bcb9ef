package io.sluice.client.lease;

import static java.util.Objects.requireNonNull;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.GetRequest;
import io.sluice.proto.v1.LeaseGet;
import io.sluice.proto.v1.LeaseGrant;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import io.sluice.proto.v1.LeaseRevoke;
import io.sluice.proto.v1.LeaseRevoked;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One stream to a granter: asks for keys, keeps the answers that a lease comes with, drops what is revoked, and then
 * confirms. When it ends, for whatever reason, every copy that came on it is dropped; another one takes its place.
 *
 * <p>Grants and revocations are handled in the order in which they come, on the network thread, so a revocation finds
 * the copy of a grant that was sent before it. Thread-safe; never blocks.
 *
 * @param <V> what a copy is made of
 */
public final class LeaseStream<V> implements AutoCloseable {
    private static final int MOST_UNANSWERED = 10_000;
    /** About what a copy takes beside its key and value. */
    private static final int OVERHEAD_BYTES = 256;

    private final LeasedCopies<V> copies;
    private final LeasedCopies.Stream stream;
    private final Clocks clock;
    private final int mostValueBytes;
    private final Map<Long, Asked<V>> unanswered = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final PositionParser positions = new PositionParser();
    private final StreamObserver<LeaseRequest> requests;
    /** Guards what is sent: a stream takes one message at a time. */
    private final Object sending = new Object();

    private volatile @Nullable String end;
    private volatile boolean answered;

    /** One request on its way. */
    private record Asked<V>(
            GetRequest get,
            LeasedCopies.Asked moment,
            Function<Answer, V> form,
            CompletableFuture<LeaseAnswer> answer) {}

    /**
     * Opens a stream.
     *
     * @param open starts the call
     * @param mostValueBytes of a value that is kept
     */
    public LeaseStream(
            Function<StreamObserver<LeaseResponse>, StreamObserver<LeaseRequest>> open,
            LeasedCopies<V> copies,
            int mostValueBytes,
            Clocks clock) {
        this.copies = requireNonNull(copies, "copies is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.mostValueBytes = mostValueBytes;
        this.stream = copies.begin();
        this.requests = open.apply(new Incoming());
    }

    /** Whether it may be asked. */
    public boolean isOpen() {
        return end == null;
    }

    /** Whether the granter has ever answered on it. */
    public boolean hasAnswered() {
        return answered;
    }

    /**
     * Asks for a key and for a lease on the answer.
     *
     * @param definition the caller's definition of the group; 0 for any
     * @param form makes what is kept of the answer
     * @return fails with {@link StreamBrokenException} when there will be no answer on this stream
     */
    public CompletableFuture<LeaseAnswer> ask(
            GetRequest get, long definition, long wantedMillis, Function<Answer, V> form) {
        CompletableFuture<LeaseAnswer> answer = new CompletableFuture<>();
        if (unanswered.size() >= MOST_UNANSWERED) {
            answer.completeExceptionally(
                    new StreamBrokenException(MOST_UNANSWERED + " requests on the stream have no answer yet"));
            return answer;
        }
        long id = lastId.incrementAndGet();
        LeasedCopies.Asked moment = new LeasedCopies.Asked(stream, clock.now());
        unanswered.put(id, new Asked<>(get, moment, form, answer));
        // Whoever gives up waiting frees its place.
        var unused = answer.whenComplete((done, failure) -> unanswered.remove(id));
        send(LeaseRequest.newBuilder()
                .setGet(LeaseGet.newBuilder()
                        .setId(id)
                        .setGet(get)
                        .setWantedMillis(wantedMillis)
                        .setDefinition(definition))
                .build());
        String ended = end;
        if (ended != null) {
            // The stream may have ended before this request was there to be told.
            answer.completeExceptionally(new StreamBrokenException(ended));
        }
        return answer;
    }

    private void send(LeaseRequest request) {
        synchronized (sending) {
            if (end == null) {
                try {
                    requests.onNext(request);
                } catch (IllegalStateException e) {
                    // The call is over; its end is told on its own.
                }
            }
        }
    }

    /** Drops all copies, says so to the granter, and ends the stream. */
    @Override
    public void close() {
        if (ended("the stream was closed")) {
            synchronized (sending) {
                requests.onCompleted();
            }
        }
    }

    private boolean ended(String why) {
        synchronized (sending) {
            if (end != null) {
                return false;
            }
            end = why;
        }
        copies.end(stream);
        StreamBrokenException broken = new StreamBrokenException(why);
        unanswered.values().forEach(asked -> asked.answer().completeExceptionally(broken));
        return true;
    }

    private void granted(LeaseGrant grant) {
        answered = true;
        Asked<V> asked = unanswered.get(grant.getId());
        if (asked != null) {
            boolean kept = grant.getLeaseMillis() > 0 && grant.getResult().hasAnswer() && keep(asked, grant);
            asked.answer().complete(new LeaseAnswer(grant.getResult(), kept));
        }
    }

    private boolean keep(Asked<V> asked, LeaseGrant grant) {
        Answer answer = grant.getResult().getAnswer();
        int size = answer.getValue().size();
        if (size > mostValueBytes) {
            return false;
        }
        SourcePosition stamp;
        try {
            stamp = positions.parse(answer.getInfo().getStamp().getGtidSet());
        } catch (PositionFormatException e) {
            return false;
        }
        GetRequest get = asked.get();
        return copies.offer(
                asked.moment(),
                get.getGroup(),
                get.getKey(),
                asked.form().apply(answer),
                stamp,
                size + 2 * get.getKey().length() + OVERHEAD_BYTES,
                grant.getLeaseMillis(),
                clock.nanos(),
                clock.wallMillis());
    }

    private void revoked(LeaseRevoke revoke) {
        SourcePosition position;
        try {
            position = positions.parse(revoke.getPosition().getGtidSet());
        } catch (PositionFormatException e) {
            // Demands more than any position does.
            position = SourcePosition.UNKNOWN;
        }
        copies.revoke(revoke.getGroup(), revoke.getKeysList(), position, clock.nanos());
        send(LeaseRequest.newBuilder()
                .setRevoked(LeaseRevoked.newBuilder().setRevocation(revoke.getRevocation()))
                .build());
    }

    /** What the granter says. */
    private final class Incoming implements StreamObserver<LeaseResponse> {
        @Override
        public void onNext(LeaseResponse response) {
            switch (response.getResponseCase()) {
                case GRANT -> granted(response.getGrant());
                case REVOKE -> revoked(response.getRevoke());
                case RESPONSE_NOT_SET -> {
                    // Something that a newer granter says and nobody here has to understand.
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            Status status = Status.fromThrowable(failure);
            ended(status.getCode() + ", " + status.getDescription());
        }

        @Override
        public void onCompleted() {
            ended("the granter ended the stream");
        }
    }
}
