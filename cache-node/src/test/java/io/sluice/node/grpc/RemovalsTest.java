package io.sluice.node.grpc;

import static io.sluice.proto.v1.RemovalResult.REMOVAL_RESULT_COVERED;
import static io.sluice.proto.v1.RemovalResult.REMOVAL_RESULT_REMOVED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Member;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Group;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.fake.Tagged;
import io.sluice.node.hot.HotCopy;
import io.sluice.node.hot.HotKeyEvents;
import io.sluice.node.hot.HotKeySettings;
import io.sluice.node.hot.HotKeys;
import io.sluice.node.read.Answers;
import io.sluice.node.read.AppliedPositions;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.CacheGroups;
import io.sluice.node.read.GroupTags;
import io.sluice.node.read.StalenessBounds;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.PeerRemoveRequest;
import io.sluice.proto.v1.Removal;
import io.sluice.proto.v1.RemovalResult;
import io.sluice.proto.v1.RemovalScope;
import io.sluice.store.CacheEntry;
import io.sluice.store.KeyTags;
import io.sluice.store.PutResult;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Removes by tag on one node: of a group with tags, and of one without. */
final class RemovalsTest implements HotKeyEvents {
    private static final List<String> KEYS = List.of("Rome:pizza", "Rome:pasta", "Oslo:pizza", "Rome:Rome");

    private final List<String> events = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private long now = 1_000;
    private final CacheGroup search = cacheGroup(Tagged.group("search", "{city}:{query}", "city:{city}"));
    private final CacheGroup plain = cacheGroup(Tagged.group("plain", "{city}:{query}"));
    private final CacheGroups groups = new CacheGroups(Map.of("search", search, "plain", plain));
    private final LeasedCopies<HotCopy> copies = new LeasedCopies<>(10, 1_000);
    private final HotKeys hotKeys = new HotKeys(
            new HotKeySettings(true, Duration.ofSeconds(1), 1, 10),
            copies,
            (read, leaseMillis, settled) -> settled.run(),
            this,
            Clocks.system());
    private final Requests requests =
            new Requests(groups, new RequestLimits(100, 100, 100, 100, 100, 1_000, Duration.ofSeconds(1)));
    private final AppliedPositions applied = new AppliedPositions(() -> new Moment(now, 0), new StalenessBounds());
    private final Removals removals = new Removals(requests, hotKeys, applied, (group, outcome) -> {
        events.add(group + " " + outcome);
        meanwhile.run();
    });

    private CacheGroup cacheGroup(Group group) {
        KeyTags tags = group.tags().isEmpty() ? KeyTags.NONE : requireNonNull(GroupTags.of(group));
        SegmentedStore store = SegmentedStore.ofCapacity(
                1 << 20, StoreSettings.DEFAULTS, KeyHash.ofGroup(group.name())::hash, tags, () -> now);
        return CacheGroup.of(
                group,
                Coherence.GTID,
                new FakeSource(() -> 1_000),
                store,
                new AppliedPosition(),
                new StalenessBound(true),
                0);
    }

    @BeforeEach
    void fill() {
        for (String key : KEYS) {
            assertThat(put(search, key, 5)).isEqualTo(PutResult.STORED);
            assertThat(put(plain, key, 5)).isEqualTo(PutResult.STORED);
        }
    }

    private static PutResult put(CacheGroup group, String key, long position) {
        CacheEntry entry = CacheEntry.found(key.getBytes(UTF_8), FakeSource.at(position), 0, Long.MAX_VALUE / 2);
        return group.store().put(group.storeKey(key), entry);
    }

    private static List<String> held(CacheGroup group) {
        return KEYS.stream()
                .filter(key -> group.store().peek(group.storeKey(key)) != null)
                .toList();
    }

    private RemovalResult remove(String group, String tag, long position) {
        return removals.apply(PeerRemoveRequest.newBuilder()
                        .addPositions(Answers.position(FakeSource.at(position)))
                        .addRemovals(Removal.newBuilder()
                                .setGroup(group)
                                .setScope(RemovalScope.REMOVAL_SCOPE_TAG)
                                .setKey(tag))
                        .build())
                .getFirst();
    }

    @Test
    void whatCarriesTheTagGoesAndNothingElse() {
        assertThat(remove("search", "city:Rome", 9)).isEqualTo(REMOVAL_RESULT_REMOVED);
        assertThat(held(search)).containsExactly("Oslo:pizza");
        assertThat(held(plain)).isEqualTo(KEYS);
        assertThat(put(search, "Rome:new", 8)).isEqualTo(PutResult.REFUSED);
        assertThat(put(search, "Oslo:new", 8)).isEqualTo(PutResult.STORED);
        assertThat(events).containsExactly("search REMOVED");
    }

    @Test
    void theResultSaysWhetherSomethingFreshStays() {
        assertThat(remove("search", "city:Rome", 5)).isEqualTo(REMOVAL_RESULT_COVERED);
        assertThat(held(search)).isEqualTo(KEYS);
        assertThat(remove("search", "city:Bonn", 5)).isEqualTo(REMOVAL_RESULT_REMOVED);
        assertThat(events).containsExactly("search COVERED", "search REMOVED");
    }

    /** The sender has other rules than this node: what it means by the tag is carried by who knows what. */
    @Test
    void aTagOfAFormThatIsNotDeclaredHereTakesTheGroup() {
        assertThat(remove("search", "town:Rome", 9)).isEqualTo(REMOVAL_RESULT_REMOVED);
        assertThat(held(search)).isEmpty();
        assertThat(remove("plain", "city:Rome", 9)).isEqualTo(REMOVAL_RESULT_REMOVED);
        assertThat(held(plain)).isEmpty();
        assertThat(remove("unknown", "city:Rome", 9)).isEqualTo(REMOVAL_RESULT_REMOVED);
        assertThat(events).containsExactly("search UNKNOWN_FORM", "plain UNKNOWN_FORM");
    }

    /** The numbers are given away again: what was held may be of either history, and nothing waits for the old one. */
    @Test
    void whenTheHistoryBeginsAnewAllGoesAndTheEarlierOneIsNotDemandedAnyMore() {
        removals.apply(request("plain", RemovalScope.REMOVAL_SCOPE_KEY, "Rome:pizza", FakeSource.at(900)));
        removals.apply(request("plain", RemovalScope.REMOVAL_SCOPE_GROUP, "", FakeSource.at(900)));
        AppliedPosition.Snapshot before = applied.of("app").now();

        SourcePosition leftBehind = FakeSource.at(5_000).minus(FakeSource.at(3));
        assertThat(removals.apply(request("plain", RemovalScope.REMOVAL_SCOPE_HISTORY, "", leftBehind)))
                .containsExactly(REMOVAL_RESULT_REMOVED);

        assertThat(held(plain)).isEmpty();
        assertThat(applied.of("app").now().era()).isGreaterThan(before.era());
        assertThat(put(plain, "Rome:pizza", 1_000)).as("loaded before").isEqualTo(PutResult.REFUSED);
        now += Duration.ofSeconds(3).toNanos();
        assertThat(putLoadedNow(plain, "Rome:pizza", 2)).isEqualTo(PutResult.REFUSED);
        assertThat(putLoadedNow(plain, "Rome:pizza", 3)).isEqualTo(PutResult.STORED);
    }

    /** Else the entry would go, and its key be refused for ever. */
    @Test
    void aRemoveDoesNotDemandWhatTheSourceNeverWillHave() {
        applied.adopt(Topology.of(1, List.of(new Member("a", "127.0.0.1", 1, 1, 1, "")), 1));
        SourcePosition lost = SourcePosition.parse("f0000000-0000-0000-8000-00000000000b:7");
        applied.told("app", new AppliedPosition.Partition("t", 0), 1, FakeSource.at(1), lost, 1, List.of("app"));

        removals.apply(request(
                "plain",
                RemovalScope.REMOVAL_SCOPE_KEY,
                "Rome:pizza",
                FakeSource.at(6).union(lost)));

        assertThat(held(plain)).doesNotContain("Rome:pizza");
        assertThat(put(plain, "Rome:pizza", 5)).isEqualTo(PutResult.REFUSED);
        assertThat(put(plain, "Rome:pizza", 6)).isEqualTo(PutResult.STORED);
    }

    /** The node is told of them, and has gone through its fences, before the Remove gets there. */
    @Test
    void aRemoveDoesNotDemandWhatIsKnownToBeLostWhileItIsApplied() {
        applied.adopt(Topology.of(1, List.of(new Member("a", "127.0.0.1", 1, 1, 1, "")), 1));
        SourcePosition lost = SourcePosition.parse("f0000000-0000-0000-8000-00000000000b:7");
        meanwhile = () -> {
            applied.told("app", new AppliedPosition.Partition("t", 0), 1, FakeSource.at(1), lost, 1, List.of("app"));
            plain.store().exempt(lost);
        };

        removals.apply(request(
                "plain",
                RemovalScope.REMOVAL_SCOPE_TAG,
                "city:Rome",
                FakeSource.at(6).union(lost)));

        assertThat(events).containsExactly("plain UNKNOWN_FORM");
        assertThat(put(plain, "Rome:pizza", 5)).isEqualTo(PutResult.REFUSED);
        assertThat(put(plain, "Rome:pizza", 6)).isEqualTo(PutResult.STORED);
    }

    private PutResult putLoadedNow(CacheGroup group, String key, long position) {
        CacheEntry entry = CacheEntry.found(key.getBytes(UTF_8), FakeSource.at(position), now, Long.MAX_VALUE / 2);
        return group.store().put(group.storeKey(key), entry);
    }

    private static PeerRemoveRequest request(String group, RemovalScope scope, String key, SourcePosition position) {
        return PeerRemoveRequest.newBuilder()
                .addPositions(Answers.position(position))
                .addRemovals(
                        Removal.newBuilder().setGroup(group).setScope(scope).setKey(key))
                .build();
    }

    @Test
    void copiesOfHotKeysGoAheadOfTheirRevocation() {
        HotCopy copy = new HotCopy(Answer.getDefaultInstance(), 0, new LongAdder());
        LeasedCopies.Asked asked =
                new LeasedCopies.Asked(copies.begin(), Clocks.system().now());
        copies.offer(
                asked,
                "search",
                "Rome:hot",
                copy,
                FakeSource.at(5),
                1,
                60_000,
                asked.at().nanos(),
                asked.at().wallMillis());
        assertThat(hotKeys.size()).isEqualTo(1);
        remove("search", "city:Rome", 9);
        assertThat(hotKeys.size()).isZero();
    }

    @Override
    public void hotForwarded(String group) {}

    @Override
    public void hotServed(String group) {}
}
