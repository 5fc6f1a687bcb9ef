package io.sluice.client;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.proto.v1.CacheGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Brings a request to a member: who is asked in which order, over which connection, with which deadline.
 *
 * <p>Thread-safe. The thread {@code sluice-client-timer} asks the next member when one is slow.
 */
final class Router implements AutoCloseable {
    /** What is asked of a node. */
    interface Call<R> {
        ListenableFuture<R> ask(CacheGrpc.CacheFutureStub node);
    }

    private static final int MAX_ATTEMPTS = 8;
    /** A second member is asked after this part of the deadline. */
    private static final int PATIENCE_DIVISOR = 4;

    private final Membership membership;
    private final Membership.Subscription subscription;
    private final Duration deadline;
    private final NodeChannels channels;
    private final ScheduledThreadPoolExecutor timer;

    Router(Membership membership, Duration deadline, int maxMessageBytes) {
        this.membership = membership;
        this.deadline = deadline;
        this.channels = new NodeChannels(membership::topology, maxMessageBytes);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sluice-client-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        this.subscription = membership.addListener(channels::follow);
    }

    Topology topology() {
        return membership.topology();
    }

    NodeChannels channels() {
        return channels;
    }

    /** The owner, the replicas, then others in an order that spreads load; bounded. */
    static List<Member> candidates(Topology topology, long hash) {
        List<Member> holders = topology.holders(hash);
        List<Member> members = topology.members();
        if (members.isEmpty()) {
            throw new SluiceException(
                    ErrorCode.UNAVAILABLE,
                    "the cluster has no members: start a node, and check the cluster name and the etcd endpoints",
                    null);
        }
        List<Member> candidates = new ArrayList<>(holders);
        int from = ThreadLocalRandom.current().nextInt(members.size());
        for (int i = 0; i < members.size() && candidates.size() < MAX_ATTEMPTS; i++) {
            Member member = members.get((from + i) % members.size());
            if (!holders.contains(member)) {
                candidates.add(member);
            }
        }
        return candidates;
    }

    /** Asks, and turns the response into what the caller wants; cancelling the future cancels what is asked. */
    <R, T> CompletableFuture<T> ask(
            List<Member> candidates, ReadOptions options, Call<R> call, Function<R, T> translate) {
        Duration limit = options.deadline() == null ? deadline : options.deadline();
        long nanos = limit.toNanos();
        try {
            return Fallover.ask(
                    candidates,
                    (member, remainingNanos) -> Futures.transform(
                            askOne(member, remainingNanos, call), translate::apply, MoreExecutors.directExecutor()),
                    nanos,
                    Math.max(1, nanos / PATIENCE_DIVISOR),
                    timer);
        } catch (RejectedExecutionException e) {
            throw new SluiceException(ErrorCode.CANCELLED, "the client is closed", e);
        }
    }

    private <R> ListenableFuture<R> askOne(Member member, long remainingNanos, Call<R> call) {
        ListenableFuture<R> request = call.ask(
                CacheGrpc.newFutureStub(channels.to(member)).withDeadlineAfter(remainingNanos, TimeUnit.NANOSECONDS));
        return Futures.catchingAsync(
                request,
                Throwable.class,
                failure -> {
                    if (Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE) {
                        channels.unreachable(member);
                    }
                    return Futures.immediateFailedFuture(failure);
                },
                MoreExecutors.directExecutor());
    }

    @Override
    public void close() {
        subscription.close();
        timer.shutdownNow();
        channels.close();
        membership.close();
    }
}
