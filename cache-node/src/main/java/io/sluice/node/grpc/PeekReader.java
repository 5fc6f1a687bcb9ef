package io.sluice.node.grpc;

import static java.util.Objects.requireNonNull;

import io.sluice.coherence.AppliedPosition;
import io.sluice.node.Failures;
import io.sluice.node.peer.PeerHeaders;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CopyMessages;
import io.sluice.node.read.Holdings;
import io.sluice.proto.v1.Copy;
import io.sluice.proto.v1.PeekRequest;
import io.sluice.proto.v1.PeekResponse;
import io.sluice.store.CacheEntry;
import io.sluice.store.StoreKey;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells other nodes what this one has in memory: never loads, never forwards, never blocks. Only of keys that it may
 * hold: for the rest it hears of no Removes, so it cannot know what its entries are worth.
 *
 * <p>And only while its etcd lease is sure to stand, though it may answer readers for a while longer. Whoever peeks
 * does not ask of the answer what the new ring demands of a load ({@link io.sluice.store.CacheStore#putInherited}),
 * since every Remove of before was sent to the holder that is peeked. Of one that is not counted on that is not true:
 *
 * <ol>
 *   <li>this node, A, is cut off from etcd, and its lease ends;
 *   <li>the row changes; when A has been gone for long enough, the Remove is done without it;
 *   <li>the ring without A is announced and active, A's draining; B, a holder that is new, never heard of the Remove;
 *   <li>B peeks A. The old value would be stored, for the rest of its time to live.
 * </ol>
 *
 * If the lease stood when the entry was found, every Remove done before was sent here; and one that is done after it is
 * sent to B as well, whose ring was announced before it peeked.
 *
 * <p>Thread-safe.
 */
public final class PeekReader {
    private final Holdings holdings;
    private final PeerHeaders headers;
    private final Requests requests;
    private final LongSupplier nanoClock;

    public PeekReader(Holdings holdings, PeerHeaders headers, Requests requests, LongSupplier nanoClock) {
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.headers = requireNonNull(headers, "headers is null");
        this.requests = requireNonNull(requests, "requests is null");
        this.nanoClock = requireNonNull(nanoClock, "nanoClock is null");
    }

    /** @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION when another incarnation is meant */
    PeekResponse peek(PeekRequest request) {
        if (!headers.addresses(request.getHeader())) {
            throw Failures.failedPrecondition(
                    "The peek is for another incarnation of this node, whose entries are gone: load instead");
        }
        PeekResponse.Builder response = PeekResponse.newBuilder().setReceipt(headers.receipt());
        Copy copy = copy(request);
        if (copy != null) {
            response.setCopy(copy);
        }
        return response.build();
    }

    private @Nullable Copy copy(PeekRequest request) {
        CacheGroup group = requests.groups().find(request.getGroup());
        if (group == null) {
            return null;
        }
        StoreKey key = requests.storeKey(group, request.getKey());
        if (!holdings.mayHold(holdings.topology(), group, key.hash())) {
            return null;
        }
        AppliedPosition.Snapshot applied = group.applied().now();
        CacheEntry entry = group.store().peek(key);
        // Both asked after the entry was found: then it was stored under this definition, and had missed no Remove.
        return entry == null || !holdings.isLeased() || !group.isCurrent()
                ? null
                : CopyMessages.of(
                        group,
                        request.getKey(),
                        entry,
                        group.applied().lift(entry.stamp(), applied),
                        nanoClock.getAsLong());
    }
}
