package io.sluice.node.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.sluice.coherence.LeaseHolder;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.Failures;
import io.sluice.node.read.Answers;
import io.sluice.node.read.Held;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.KeyResult;
import io.sluice.proto.v1.LeaseGet;
import io.sluice.proto.v1.LeaseGrant;
import io.sluice.proto.v1.LeaseRequest;
import io.sluice.proto.v1.LeaseResponse;
import io.sluice.proto.v1.LeaseRevoke;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a lease holder. Reads are answered from memory on the network thread, everything else on a thread that
 * may block; what is lent is what memory has at that moment, so after a load memory is looked at once more.
 *
 * <p>That the stream broke ends no lease: the holder may not have noticed yet. That the holder ends it does, since it
 * drops its copies first. Thread-safe.
 */
final class LeaseSession implements StreamObserver<LeaseRequest>, LeaseHolder {
    private final LeaseStreams streams;
    private final boolean forwarded;
    private final String address;
    private final LeaseOutbox outbox;

    /** @param address where its holder is; empty when that is not known */
    LeaseSession(
            LeaseStreams streams, boolean forwarded, String address, ServerCallStreamObserver<LeaseResponse> call) {
        this.streams = streams;
        this.forwarded = forwarded;
        this.address = address;
        this.outbox = new LeaseOutbox(call);
        call.setOnReadyHandler(outbox::flush);
        call.setOnCancelHandler(this::cancelled);
    }

    @Override
    public void onNext(LeaseRequest request) {
        switch (request.getRequestCase()) {
            case GET -> get(request.getGet());
            case REVOKED -> streams.leases().confirm(this, request.getRevoked().getRevocation());
            case REQUEST_NOT_SET -> end(Failures.invalid("A lease request is neither a read nor a confirmation"));
        }
    }

    private void get(LeaseGet request) {
        Read read;
        try {
            read = streams.read(request, forwarded);
            if (answered(request, read, true)) {
                return;
            }
        } catch (RuntimeException e) {
            answer(request, KeyResults.of(PendingReads.status(e)), 0);
            flush();
            return;
        }
        streams.pending()
                .submit(
                        () -> {
                            load(request, read);
                            flush();
                        },
                        refused -> {
                            answer(request, KeyResults.of(PendingReads.status(refused)), 0);
                            flush();
                        });
    }

    private void load(LeaseGet request, Read read) {
        try {
            Answer answer = streams.path().read(read);
            if (!answered(request, read, false)) {
                answer(request, KeyResults.of(answer), 0);
            }
        } catch (RuntimeException e) {
            answer(request, KeyResults.of(PendingReads.status(e)), 0);
        }
    }

    /**
     * Answers from memory, under a lease if that may be; false when memory has nothing.
     *
     * @param first whether it is a read of its own, not the second look of one
     */
    private boolean answered(LeaseGet request, Read read, boolean first) {
        @Nullable Held[] found = new @Nullable Held[1];
        boolean[] looked = new boolean[1];
        boolean lent = streams.leases()
                .lend(
                        this,
                        read.group(),
                        read.key(),
                        request.getWantedMillis(),
                        () -> {
                            if (!outbox.isEnded()) {
                                looked[0] = true;
                                found[0] = streams.path().held(read, first);
                            }
                            return found[0];
                        },
                        millis -> granted(request, read, found[0], millis));
        if (!lent) {
            Answer kept = notLent(read, found[0], looked[0], first);
            if (kept == null) {
                return false;
            }
            answer(request, KeyResults.of(kept), 0);
        }
        flush();
        return true;
    }

    /** What is answered without a lease; memory that was looked at is not looked at again, since that counts. */
    private @Nullable Answer notLent(Read read, @Nullable Held held, boolean looked, boolean first) {
        if (held != null) {
            return held.answer();
        }
        if (!first) {
            return null;
        }
        return looked ? streams.path().copyOfOthers(read) : streams.path().fromMemory(read);
    }

    private void granted(LeaseGet request, Read read, @Nullable Held held, long leaseMillis) {
        if (held != null) {
            streams.leases().lent(read.hash(), held.stamp(), address);
            answer(request, KeyResults.of(held.answer()), leaseMillis);
        }
    }

    private void answer(LeaseGet request, KeyResult result, long leaseMillis) {
        outbox.add(LeaseResponse.newBuilder()
                .setGrant(LeaseGrant.newBuilder()
                        .setId(request.getId())
                        .setResult(result)
                        .setLeaseMillis(leaseMillis))
                .build());
        streams.leases().answered(request.getGet().getGroup(), leaseMillis > 0);
    }

    @Override
    public void revoke(long revocation, String group, List<String> keys, SourcePosition position) {
        streams.leases().revoked(group, keys, position, address);
        outbox.add(LeaseResponse.newBuilder()
                .setRevoke(LeaseRevoke.newBuilder()
                        .setRevocation(revocation)
                        .setGroup(group)
                        .addAllKeys(keys)
                        .setPosition(Answers.position(position)))
                .build());
    }

    @Override
    public void flush() {
        outbox.flush();
    }

    @Override
    public void overdue() {
        end(Failures.exhausted("A revocation was not confirmed before the lease ended: drop all copies, and open"
                + " another stream"));
    }

    private void cancelled() {
        outbox.gone();
        streams.ended(this);
    }

    @Override
    public void onError(Throwable failure) {
        cancelled();
    }

    /** The holder has dropped what it had: it ends the stream only then. */
    @Override
    public void onCompleted() {
        streams.leases().release(this);
        end(null);
    }

    void end(@Nullable StatusRuntimeException failure) {
        streams.ended(this);
        outbox.endLater(failure);
        outbox.flush();
    }
}
