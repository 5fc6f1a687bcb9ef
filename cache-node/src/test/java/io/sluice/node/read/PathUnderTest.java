package io.sluice.node.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Deadline;
import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Staleness;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeHoldings;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.SettableMembership;
import io.sluice.node.fake.Tagged;
import io.sluice.node.fake.WatchedStore;
import io.sluice.proto.v1.Answer;
import io.sluice.store.CacheEntry;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The read path of node {@code self} with a real store and fakes around it. */
final class PathUnderTest implements ReadEvents {
    static final String SELF = "self";
    static final String GROUP = "student";
    static final Topology ALONE = Cluster.of(1, SELF);
    static final Topology THREE = Cluster.of(2, SELF, "ann", "bob");

    /** A copy that was offered. */
    record Offered(List<String> replicas, String key, CacheEntry entry) {}

    final AtomicLong clock = new AtomicLong();
    final FakeSource source = new FakeSource(clock::get);
    final SettableMembership membership;
    final FakePeers peers = new FakePeers();
    final List<Offered> offered = Collections.synchronizedList(new ArrayList<>());
    final GroupTags tags = Tagged.byId(GROUP);
    final AppliedPosition applied = new AppliedPosition();
    final StalenessBound bound = new StalenessBound(true);
    final WatchedStore store;
    final CacheGroup group;
    final ReadPath path;
    final FakeHoldings holdings;
    volatile HotCopies hotCopies = new NoHotCopies();
    private final AtomicLong aheadMillis = new AtomicLong();
    private volatile Runnable beforeReading = () -> {};
    private volatile Consumer<String> afterPeek = outcome -> {};
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    PathUnderTest(Topology topology) {
        this(topology, Staleness.DEFAULT);
    }

    PathUnderTest(Topology topology, Staleness staleness) {
        membership = new SettableMembership(topology);
        store = new WatchedStore(SegmentedStore.ofCapacity(
                1 << 20,
                new StoreSettings(1, PolicyKind.DEFAULT, FenceLimits.DEFAULTS),
                KeyHash.ofGroup(GROUP)::hash,
                tags,
                clock::get));
        TimeToLive timeToLive = new TimeToLive(Duration.ofMinutes(10), Duration.ofSeconds(5));
        group = new CacheGroup(
                GROUP,
                "app",
                Coherence.GTID,
                store,
                source,
                timeToLive,
                tags,
                applied,
                new Freshness(bound, staleness),
                0,
                new Standing());
        holdings = new FakeHoldings(SELF, membership);
        HotCopies hot = new HotCopies() {
            @Override
            public @Nullable Answer find(Read read) {
                return hotCopies.find(read);
            }

            @Override
            public @Nullable Answer look(Read read) {
                return hotCopies.look(read);
            }

            @Override
            public void forwarded(Read read, Answer answer) {
                hotCopies.forwarded(read, answer);
            }
        };
        Clocks clocks = new Clocks(this::nanos, this::wallMillis);
        Forwards forwards = new Forwards(SELF, holdings, peers, hot, this, clocks);
        path = new ReadPath(SELF, holdings, forwards, peers, hot, this::offer, this, clocks);
    }

    private void offer(List<Member> replicas, Read read, CacheEntry entry) {
        offered.add(new Offered(replicas.stream().map(Member::name).toList(), read.key(), entry));
    }

    Read read(String key) {
        return read(key, SourcePosition.UNKNOWN, false);
    }

    Read read(String key, SourcePosition minPosition, boolean forwarded) {
        return new Read(group, key, group.storeKey(key), minPosition, Deadline.after(10, TimeUnit.SECONDS), forwarded);
    }

    /** A read whose answer may be that stale at most. */
    Read read(String key, Duration maxStaleness) {
        return new Read(
                group,
                key,
                group.storeKey(key),
                SourcePosition.UNKNOWN,
                maxStaleness.toNanos(),
                Deadline.after(10, TimeUnit.SECONDS),
                false);
    }

    /** As a request does: memory first. */
    Answer get(Read read) {
        Answer kept = path.fromMemory(read);
        return kept != null ? kept : path.read(read);
    }

    String value(String key) {
        return get(read(key)).getValue().toString(UTF_8);
    }

    /** What memory answers; null when it does not. */
    @Nullable String kept(String key) {
        Answer kept = path.fromMemory(read(key));
        return kept == null ? null : kept.getValue().toString(UTF_8);
    }

    /** The sync service says that the whole change stream is applied up to there. */
    void apply(SourcePosition position) {
        applied.passed(new AppliedPosition.Partition("changes", 0), 1, position, SourcePosition.UNKNOWN, now());
        bound.applied(applied.now());
    }

    /** The node has asked the source for its position, and was answered at once. */
    void poll() {
        bound.polled(new SourcePoll(now(), applied.now().position(), "server", source.position(), true), now().nanos());
    }

    private long nanos() {
        beforeReading.run();
        return clock.get();
    }

    /** A step before each time that the read path reads the clock. */
    void beforeReading(Runnable step) {
        beforeReading = step;
    }

    private Moment now() {
        return new Moment(clock.get(), wallMillis());
    }

    private long wallMillis() {
        return TimeUnit.NANOSECONDS.toMillis(clock.get()) + aheadMillis.get();
    }

    /** The machine stood still: only the wall clock has gone on. */
    void suspended(Duration time) {
        aheadMillis.addAndGet(time.toMillis());
    }

    void remove(String key, SourcePosition position) {
        group.store().remove(group.storeKey(key), position);
    }

    /** Removes by the tag that this key alone carries. */
    void removeTagOf(String key, SourcePosition position) {
        group.store().removeTag(tags.hash("id:" + key), position);
    }

    /** As a node does that is told the next topology. */
    void change(Topology topology) {
        membership.set(topology);
        store.retainIf(hash -> topology.mayHold(SELF, 0, hash));
    }

    void later(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    void afterPeek(Consumer<String> step) {
        afterPeek = step;
    }

    List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void forwarded(CacheGroup ofGroup, int reads, boolean answered) {
        events.add(answered ? "forwarded" : "unreachable");
    }

    @Override
    public void peeked(CacheGroup ofGroup, PeekOutcome outcome) {
        events.add("peek " + outcome);
        afterPeek.accept(outcome.name());
    }

    @Override
    public void pastMaxStaleness(CacheGroup ofGroup, PastOutcome outcome) {
        events.add("past " + outcome);
    }

    @Override
    public void loaded(CacheGroup ofGroup, long nanos, boolean succeeded) {
        events.add(succeeded ? "loaded" : "failed");
    }

    @Override
    public void loadedMany(CacheGroup ofGroup, int keys, long nanos, boolean succeeded) {
        events.add((succeeded ? "loaded " : "failed ") + keys);
    }

    private static final class NoHotCopies implements HotCopies {
        @Override
        public @Nullable Answer find(Read read) {
            return null;
        }

        @Override
        public void forwarded(Read read, Answer answer) {}
    }
}
