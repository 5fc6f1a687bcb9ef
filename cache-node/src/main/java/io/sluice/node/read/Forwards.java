package io.sluice.node.read;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import io.sluice.cluster.Member;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.Moment;
import io.sluice.node.Failures;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.KeyResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sends reads to the nodes that hold their keys.
 *
 * <p>One budget for the whole request, its deadline: each holder gets an equal share of what is left, and so does the
 * load that may be needed in the end. The next holder is asked only when one cannot be reached or says nothing within
 * its share; whatever a node decided, NOT_FOUND and a failed load included, is final. Nobody is asked twice, and nobody
 * is asked ahead of need (hedging): a second holder that is asked means a second load.
 *
 * <p>Thread-safe; calls block.
 */
public final class Forwards {
    private final String self;
    private final Holdings holdings;
    private final Peers peers;
    private final HotCopies hotCopies;
    private final ReadEvents events;
    private final Clocks clock;

    public Forwards(String self, Holdings holdings, Peers peers, HotCopies hotCopies, ReadEvents events, Clocks clock) {
        this.self = requireNonNull(self, "self is null");
        this.holdings = requireNonNull(holdings, "holdings is null");
        this.peers = requireNonNull(peers, "peers is null");
        this.hotCopies = requireNonNull(hotCopies, "hotCopies is null");
        this.events = requireNonNull(events, "events is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Asks the holders in order, until one answers or it is this node's turn.
     *
     * @param silent who has been asked for this request already, to no avail
     * @return empty when this node must answer itself
     */
    Optional<Answer> read(Read read, Set<Member> silent) {
        List<Member> holders = holdings.topology().holders(read.hash());
        for (int rank = 0; rank < holders.size(); rank++) {
            Member holder = holders.get(rank);
            if (holder.name().equals(self)) {
                return Optional.empty();
            }
            if (silent.contains(holder)) {
                continue;
            }
            Duration share = share(read.deadline(), holders.size() - rank);
            Moment asked = clock.now();
            Optional<Answer> answer = peers.read(holder, read, share);
            events.forwarded(read.group(), 1, answer.isPresent());
            if (answer.isPresent()) {
                hotCopies.forwarded(read, answer.get());
                return answer.map(given -> received(given, read, asked));
            }
        }
        return Optional.empty();
    }

    /**
     * Asks a member for several keys of one group at once.
     *
     * @return one result for each read, in order; empty when it cannot be reached
     */
    public Optional<List<KeyResult>> readMany(Member member, List<Read> reads) {
        Read first = reads.getFirst();
        Duration share = share(
                first.deadline(), holdings.topology().holders(first.hash()).size());
        Moment asked = clock.now();
        Optional<List<KeyResult>> results = peers.readMany(member, reads, share);
        events.forwarded(first.group(), reads.size(), results.isPresent());
        if (results.isEmpty()) {
            return results;
        }
        List<KeyResult> received = new ArrayList<>(reads.size());
        for (int i = 0; i < reads.size(); i++) {
            KeyResult result = results.get().get(i);
            if (result.hasAnswer()) {
                hotCopies.forwarded(reads.get(i), result.getAnswer());
                Answer answer = received(result.getAnswer(), reads.get(i), asked);
                result = KeyResult.newBuilder().setAnswer(answer).build();
            }
            received.add(result);
        }
        return Optional.of(received);
    }

    /**
     * No clock crosses a machine: what the answer took on its way may all have passed since it was given, and this
     * machine may have been suspended meanwhile.
     */
    private Answer received(Answer answer, Read read, Moment asked) {
        if (!answer.getInfo().hasStalenessBoundMillis()) {
            return answer;
        }
        AnswerInfo.Builder info = answer.getInfo().toBuilder();
        Answers.age(info, asked.agoNanos(clock.now()));
        long boundNanos = Answers.boundNanos(info);
        if (!read.tolerates(boundNanos)) {
            throw Failures.unavailable("The answer came later than max_staleness_millis allows: allow more");
        }
        if (read.group().freshness().isPast(boundNanos)) {
            info.setPastMaxStaleness(true);
        }
        return answer.toBuilder().setInfo(info).build();
    }

    /** What one of several may take who may have to be asked one after the other, the own load being one more. */
    private static Duration share(Deadline deadline, int holders) {
        long remaining = deadline.timeRemaining(TimeUnit.NANOSECONDS);
        if (remaining <= 0) {
            throw Failures.deadlineExceeded("No holder of the key answered within the request's deadline");
        }
        return Duration.ofNanos(Math.max(1, remaining / (holders + 1)));
    }
}
