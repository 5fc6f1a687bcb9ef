package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.stub.StreamObserver;
import io.sluice.cluster.Membership;
import io.sluice.coherence.SourcePosition;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.CacheGroup;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.ReplicateRequest;
import io.sluice.proto.v1.ReplicateResponse;
import io.sluice.store.CacheEntry;
import io.sluice.store.PutResult;
import io.sluice.store.StoreKey;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes copies that owners send to this replica. A copy passes the same fence as an own load; one without a stamp is
 * never kept, since nothing could be said about it. Thread-safe.
 */
public final class CopyReceiver {
    private final String self;
    private final Membership membership;
    private final PeerHeaders headers;
    private final Requests requests;
    private final LongSupplier nanoClock;

    public CopyReceiver(
            String self, Membership membership, PeerHeaders headers, Requests requests, LongSupplier nanoClock) {
        this.self = requireNonNull(self, "self is null");
        this.membership = requireNonNull(membership, "membership is null");
        this.headers = requireNonNull(headers, "headers is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    StreamObserver<ReplicateRequest> stream(StreamObserver<ReplicateResponse> reply) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ReplicateRequest batch) {
                ReplicateResponse response;
                try {
                    response = accept(batch);
                } catch (RuntimeException e) {
                    reply.onError(PendingReads.failure(e));
                    return;
                }
                reply.onNext(response);
            }

            @Override
            public void onError(Throwable failure) {
                // The sender is gone or has given up; it opens another stream when it has more.
            }

            @Override
            public void onCompleted() {
                reply.onCompleted();
            }
        };
    }

    private ReplicateResponse accept(ReplicateRequest batch) {
        int refused = 0;
        for (Copy copy : batch.getCopiesList()) {
            refused += keep(copy) ? 0 : 1;
        }
        return ReplicateResponse.newBuilder()
                .setReceipt(headers.receipt())
                .setSequence(batch.getSequence())
                .setRefused(refused)
                .build();
    }

    private boolean keep(Copy copy) {
        CacheGroup group = requests.groups().find(copy.getGroup());
        SourcePosition stamp = requests.position(copy.getStamp());
        if (group == null || stamp.isUnknown() || copy.getTtlMillis() <= 0) {
            return false;
        }
        StoreKey key = group.storeKey(copy.getKey());
        if (!membership.topology().isHolder(self, key.hash())) {
            return false;
        }
        long now = nanoClock.getAsLong();
        long loadStartNanos = now - TimeUnit.MILLISECONDS.toNanos(Math.max(0, copy.getAgeMillis()));
        long expiresAtNanos =
                now + Math.min(TimeUnit.MILLISECONDS.toNanos(copy.getTtlMillis()), longestTtl(group, copy));
        CacheEntry entry = copy.getFound()
                ? CacheEntry.found(copy.getValue().toByteArray(), stamp, loadStartNanos, expiresAtNanos)
                : CacheEntry.missing(stamp, loadStartNanos, expiresAtNanos);
        PutResult result = group.store().put(key, entry);
        if (result == PutResult.STORED && !membership.topology().isHolder(self, key.hash())) {
            // The ring changed after the first look; see ReadPath.
            group.store().remove(key, SourcePosition.UNKNOWN);
        }
        return result == PutResult.STORED || result == PutResult.SUPERSEDED;
    }

    private static long longestTtl(CacheGroup group, Copy copy) {
        return (copy.getFound()
                        ? group.timeToLive().found()
                        : group.timeToLive().missing())
                .toNanos();
    }
}
