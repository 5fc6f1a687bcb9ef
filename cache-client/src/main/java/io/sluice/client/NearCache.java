package io.sluice.client;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import io.sluice.client.lease.LeaseAnswer;
import io.sluice.client.lease.LeaseLinks;
import io.sluice.client.lease.LeaseStream;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.PositionFormatException;
import io.sluice.coherence.PositionParser;
import io.sluice.coherence.SourcePosition;
import io.sluice.proto.v1.CacheGrpc;
import io.sluice.proto.v1.KeyResult;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Copies of answers in the client's own memory, each under a lease from the key's owner: a change is not done before
 * the copies of the old value are gone, here as on the nodes.
 *
 * <p>There is one stream to each node that was asked. When it breaks, its copies are dropped, reads go to the nodes as
 * without a near cache, and it is opened again after a while. Thread-safe; a hit takes no lock.
 */
final class NearCache implements AutoCloseable {
    private final NearCacheSettings settings;
    private final Clocks clock;
    private final LeasedCopies<Answer> copies;
    private final PositionParser positions = new PositionParser();
    private final LeaseLinks<Answer> links;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    NearCache(NodeChannels channels, NearCacheSettings settings, Clocks clock) {
        this.settings = settings;
        this.clock = clock;
        this.copies = new LeasedCopies<>(settings.copies(), settings.bytes());
        this.links = new LeaseLinks<>(
                (member, incoming) -> CacheGrpc.newStub(channels.to(member)).lease(incoming),
                copies,
                settings.valueBytes(),
                clock);
    }

    /** The answer of a copy that is fresh enough; null when a node has to be asked. */
    @Nullable Answer find(String group, String key, ReadOptions options) {
        long now = clock.nanos();
        long wallMillis = clock.wallMillis();
        LeasedCopies.Copy<Answer> copy = copies.find(group, key, now, wallMillis);
        Answer answer = copy == null ? null : answer(copy, options, copy.sinceAskedNanos(now, wallMillis));
        (answer == null ? misses : hits).increment();
        return answer;
    }

    private @Nullable Answer answer(LeasedCopies.Copy<Answer> copy, ReadOptions options, long sinceNanos) {
        Answer as = copy.value();
        OptionalLong bound = as.stalenessBoundMillis();
        long sinceMillis = sinceNanos / 1_000_000;
        // Rounded up: a bound must not promise too much.
        OptionalLong boundNow = bound.isPresent() ? OptionalLong.of(bound.getAsLong() + sinceMillis + 1) : bound;
        Duration most = options.maxStaleness();
        if (most != null && !(boundNow.isPresent() && boundNow.getAsLong() <= most.toMillis())) {
            return null;
        }
        if (!options.minPosition().isEmpty() && !covers(copy.stamp(), options.minPosition())) {
            return null;
        }
        return new Answer(
                as.found(),
                as.value(),
                as.servedBy(),
                ServedFrom.NEAR,
                as.age().plusMillis(sinceMillis),
                as.stamp(),
                boundNow,
                as.pastMaxStaleness(),
                as.topologyRevision());
    }

    private boolean covers(SourcePosition stamp, String minPosition) {
        try {
            return stamp.covers(positions.parse(minPosition));
        } catch (PositionFormatException e) {
            // The node says what is wrong with it.
            return false;
        }
    }

    /**
     * Asks a member over its stream, and keeps the answer if that may be.
     *
     * @return null when there is no stream to it now
     */
    @Nullable ListenableFuture<Answer> ask(Member member, String group, String key, ReadOptions options) {
        LeaseStream<Answer> stream = links.to(member);
        if (stream == null) {
            return null;
        }
        SettableFuture<Answer> answered = SettableFuture.create();
        var asked = stream.ask(
                WireForms.get(group, key, options), 0, settings.lease().toMillis(), WireForms::answer);
        var unused = asked.whenComplete((answer, failure) -> complete(answered, member, answer, failure));
        // Whoever gives up waiting frees the place.
        answered.addListener(() -> asked.cancel(false), Runnable::run);
        return answered;
    }

    private static void complete(
            SettableFuture<Answer> answered, Member member, @Nullable LeaseAnswer answer, @Nullable Throwable failure) {
        if (answer == null) {
            answered.setException(failure == null ? new IllegalStateException("neither answer nor failure") : failure);
            return;
        }
        KeyResult result = answer.result();
        if (result.hasAnswer()) {
            answered.set(WireForms.answer(result.getAnswer()));
        } else {
            answered.setException(Failures.of(
                    "member " + member.name(),
                    result.getError().getCode(),
                    result.getError().getMessage()));
        }
    }

    /** Ends the streams to members that are gone, or came back as another life. */
    void follow(Topology topology) {
        links.retain(topology);
    }

    NearCacheStats stats() {
        return new NearCacheStats(hits.sum(), misses.sum(), copies.size());
    }

    /** Drops all copies and says so to their granters. */
    @Override
    public void close() {
        links.close();
    }
}
