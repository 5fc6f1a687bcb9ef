package io.sluice.client;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.sluice.client.lease.StreamBrokenException;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Membership;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeaseLimits;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.GetResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable NearCache near;

    Router(Membership membership, Duration deadline, int maxMessageBytes, @Nullable NearCacheSettings nearCache) {
        this.membership = membership;
        this.deadline = deadline;
        this.channels = new NodeChannels(membership::topology, maxMessageBytes);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "sluice-client-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        this.near = nearCache == null ? null : new NearCache(channels, nearCache, Clocks.system());
        this.subscription = membership.addListener(this::follow);
    }

    private void follow(Topology topology) {
        channels.follow(topology);
        if (near != null) {
            near.follow(topology);
        }
    }

    /** Null when the client keeps nothing itself. */
    @Nullable NearCache near() {
        return near;
    }

    Topology topology() {
        return membership.topology();
    }

    NodeChannels channels() {
        return channels;
    }

    /**
     * For removals: they are done when no copy under lease is used, so one may have to wait for the longest lease of a
     * client that stands still, and then takes its time as any request.
     */
    ReadOptions removal() {
        return ReadOptions.DEFAULT.withDeadline(LeaseLimits.LONGEST.plus(deadline));
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

    /** Reads a key: from the near cache, or over the owner's lease stream, or as any request. */
    CompletableFuture<Answer> get(String group, String key, ReadOptions options) {
        NearCache ownCopies = near;
        Answer kept = ownCopies == null ? null : ownCopies.find(group, key, options);
        if (kept != null) {
            return CompletableFuture.completedFuture(kept);
        }
        List<Member> candidates = candidates(topology(), KeyHash.of(group, key));
        Call<GetResponse> call = node -> node.get(WireForms.get(group, key, options));
        Function<GetResponse, Answer> translate = response -> WireForms.answer(response.getAnswer());
        if (ownCopies == null) {
            return ask(candidates, options, call, translate);
        }
        Member owner = candidates.get(0);
        return fallOver(candidates, options, (member, remainingNanos) -> {
            ListenableFuture<Answer> leased = member.equals(owner) ? ownCopies.ask(member, group, key, options) : null;
            return leased == null
                    ? askOne(member, remainingNanos, call, translate)
                    : orElse(leased, remainingNanos, left -> askOne(member, left, call, translate));
        });
    }

    /** In another way if the stream breaks, and within the time that is left. */
    private <T> ListenableFuture<T> orElse(
            ListenableFuture<T> leased, long remainingNanos, LongFunction<ListenableFuture<T>> otherwise) {
        long untilNanos = System.nanoTime() + remainingNanos;
        ListenableFuture<T> inTime =
                Futures.withTimeout(leased, Math.max(1, remainingNanos), TimeUnit.NANOSECONDS, timer);
        ListenableFuture<T> answered = Futures.catchingAsync(
                inTime,
                StreamBrokenException.class,
                broken -> otherwise.apply(Math.max(1, untilNanos - System.nanoTime())),
                MoreExecutors.directExecutor());
        return Futures.catchingAsync(
                answered,
                TimeoutException.class,
                late -> Futures.immediateFailedFuture(Status.DEADLINE_EXCEEDED
                        .withDescription("no answer on the lease stream")
                        .asRuntimeException()),
                MoreExecutors.directExecutor());
    }

    /** Asks, and turns the response into what the caller wants; cancelling the future cancels what is asked. */
    <R, T> CompletableFuture<T> ask(
            List<Member> candidates, ReadOptions options, Call<R> call, Function<R, T> translate) {
        return fallOver(
                candidates, options, (member, remainingNanos) -> askOne(member, remainingNanos, call, translate));
    }

    private <T> CompletableFuture<T> fallOver(
            List<Member> candidates, ReadOptions options, Fallover.Attempt<T> attempt) {
        Duration limit = options.deadline() == null ? deadline : options.deadline();
        long nanos = limit.toNanos();
        try {
            return Fallover.ask(candidates, attempt, nanos, Math.max(1, nanos / PATIENCE_DIVISOR), timer);
        } catch (RejectedExecutionException e) {
            throw new SluiceException(ErrorCode.CANCELLED, "the client is closed", e);
        }
    }

    private <R, T> ListenableFuture<T> askOne(
            Member member, long remainingNanos, Call<R> call, Function<R, T> translate) {
        return Futures.transform(
                askOne(member, remainingNanos, call), translate::apply, MoreExecutors.directExecutor());
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
        if (near != null) {
            near.close();
        }
        timer.shutdownNow();
        channels.close();
        membership.close();
    }
}
