package io.sluice.client;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.sluice.cluster.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request, asked of one member after the other until one answers, all within one deadline.
 *
 * <p>The next member is asked at once when the one before could not be reached, and also when nobody answered for a
 * while: a member that hangs must not eat the deadline. The earlier requests then go on, and the first answer counts: a
 * slow load is not thrown away. An error that a node answers ends the request: another node would say the same.
 *
 * <p>Thread-safe. Invariant: when the result is there, no attempt is running and none will start.
 */
final class Fallover<R> {
    /** One attempt at one member, with what is left of the deadline. */
    interface Attempt<R> {
        ListenableFuture<R> ask(Member member, long remainingNanos);
    }

    private final List<Member> candidates;
    private final Attempt<R> attempt;
    private final long startNanos = System.nanoTime();
    private final long deadlineNanos;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final Map<Integer, ListenableFuture<R>> running = new HashMap<>();
    private @Nullable ScheduledFuture<?> impatience;
    private int asked;
    private int unanswered;

    private Fallover(List<Member> candidates, Attempt<R> attempt, long deadlineNanos) {
        this.candidates = candidates;
        this.attempt = attempt;
        this.deadlineNanos = deadlineNanos;
    }

    /** Asks the candidates, of which there is at least one, in their order. */
    static <R> CompletableFuture<R> ask(
            List<Member> candidates,
            Attempt<R> attempt,
            long deadlineNanos,
            long patienceNanos,
            ScheduledExecutorService timer) {
        Fallover<R> fallover = new Fallover<>(candidates, attempt, deadlineNanos);
        fallover.start(timer, patienceNanos);
        return fallover.result;
    }

    private void start(ScheduledExecutorService timer, long patienceNanos) {
        if (candidates.size() > 1) {
            ScheduledFuture<?> ticks =
                    timer.scheduleWithFixedDelay(this::askNext, patienceNanos, patienceNanos, TimeUnit.NANOSECONDS);
            synchronized (this) {
                impatience = ticks;
            }
        }
        var unused = result.whenComplete((answer, failure) -> stop());
        askNext();
    }

    private void askNext() {
        int index;
        synchronized (this) {
            if (result.isDone() || asked == candidates.size()) {
                return;
            }
            index = asked++;
            unanswered++;
        }
        Member member = candidates.get(index);
        ListenableFuture<R> request;
        long remainingNanos = deadlineNanos - (System.nanoTime() - startNanos);
        try {
            request = attempt.ask(member, Math.max(1, remainingNanos));
        } catch (RuntimeException e) {
            request = Futures.immediateFailedFuture(e);
        }
        synchronized (this) {
            running.put(index, request);
        }
        if (result.isDone()) {
            request.cancel(true);
        }
        Futures.addCallback(request, new Outcome(member, index), MoreExecutors.directExecutor());
    }

    private void failed(Member member, int index, Throwable failure) {
        boolean last;
        synchronized (this) {
            running.remove(index);
            unanswered--;
            last = asked == candidates.size() && unanswered == 0;
        }
        if (!Failures.mayAskAnother(failure) || last) {
            result.completeExceptionally(Failures.of(member.name(), failure));
        } else {
            askNext();
        }
    }

    private void stop() {
        List<ListenableFuture<R>> rest;
        synchronized (this) {
            if (impatience != null) {
                impatience.cancel(false);
            }
            rest = List.copyOf(running.values());
        }
        // gRPC ends the call only for a cancellation that may interrupt.
        rest.forEach(request -> request.cancel(true));
    }

    private final class Outcome implements FutureCallback<R> {
        private final Member member;
        private final int index;

        Outcome(Member member, int index) {
            this.member = member;
            this.index = index;
        }

        @Override
        public void onSuccess(R answer) {
            result.complete(answer);
        }

        @Override
        public void onFailure(Throwable failure) {
            if (!result.isDone()) {
                failed(member, index, failure);
            }
        }
    }
}
