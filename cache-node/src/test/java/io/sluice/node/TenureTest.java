package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.KeyHash;
import io.sluice.cluster.Topology;
import io.sluice.coherence.AppliedPosition;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.Moment;
import io.sluice.coherence.SourcePoll;
import io.sluice.coherence.SourcePosition;
import io.sluice.coherence.StalenessBound;
import io.sluice.mapping.Coherence;
import io.sluice.mapping.Staleness;
import io.sluice.node.fake.Cluster;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Freshness;
import io.sluice.node.read.Standing;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The self-fence: when a node trusts its memory. */
final class TenureTest {
    private static final Topology ALONE = Cluster.of(1, "n1");

    private long nowNanos;
    private long aheadMillis;
    private boolean leased = true;
    private final AppliedPosition applied = new AppliedPosition();
    private final StalenessBound bound = new StalenessBound(true);
    private final CacheGroup group = group();
    private Tenure tenure = tenure(Duration.ofSeconds(5));

    @Test
    void underItsLeaseItTrustsItsMemoryWhateverItsBound() {
        assertThat(mayHold()).isTrue();
        assertThat(tenure.isLeased()).isTrue();
    }

    @Test
    void withoutALeaseItTrustsItsMemoryWhileItsBoundIsSmall() {
        heard();
        leased = false;
        assertThat(tenure.isLeased()).isFalse();
        nowNanos = Duration.ofSeconds(5).toNanos();
        assertThat(mayHold()).isTrue();
        nowNanos++;
        assertThat(mayHold()).isFalse();

        heard();
        assertThat(mayHold())
                .as("it is told again how far the changes are applied")
                .isTrue();
    }

    @Test
    void withoutALeaseItTrustsNothingOfWhichItKnowsNoBound() {
        leased = false;
        assertThat(mayHold()).isFalse();
        heard();
        applied.forget();
        bound.applied(applied.now());
        assertThat(mayHold()).isFalse();
    }

    @Test
    void withoutALeaseASuspendedMachineKnowsByItsWallClock() {
        heard();
        leased = false;
        aheadMillis = 5_001;
        assertThat(mayHold()).isFalse();
    }

    @Test
    void theStrictOneTrustsNothingWithoutALease() {
        tenure = tenure(Duration.ZERO);
        heard();
        assertThat(mayHold()).isTrue();
        leased = false;
        assertThat(mayHold()).isFalse();
    }

    @Test
    void whoIsNoMemberTrustsNothing() {
        heard();
        tenure.end();
        assertThat(mayHold()).isFalse();
        assertThat(tenure.isLeased()).isFalse();
    }

    /** The source and the sync service have both spoken just now. */
    private void heard() {
        SourcePosition position = FakeSource.at(3);
        bound.polled(new SourcePoll(now(), applied.now().position(), "server", position, true), now().nanos());
        applied.passed(new AppliedPosition.Partition("changes", 0), 1, position, SourcePosition.UNKNOWN, now());
        bound.applied(applied.now());
    }

    private Moment now() {
        return new Moment(nowNanos, wallMillis());
    }

    private long wallMillis() {
        return Duration.ofNanos(nowNanos).toMillis() + aheadMillis;
    }

    private boolean mayHold() {
        return tenure.mayHold(ALONE, group, group.storeKey("1").hash());
    }

    private Tenure tenure(Duration unleasedStaleness) {
        Tenure made = new Tenure("n1", ALONE, unleasedStaleness, new Clocks(() -> nowNanos, this::wallMillis));
        made.begin(0);
        made.fenceBy(() -> leased);
        return made;
    }

    private CacheGroup group() {
        return new CacheGroup(
                "student",
                "app",
                Coherence.GTID,
                SegmentedStore.ofCapacity(
                        1 << 20, StoreSettings.DEFAULTS, KeyHash.ofGroup("student")::hash, () -> nowNanos),
                new FakeSource(() -> nowNanos),
                new TimeToLive(Duration.ofMinutes(10), Duration.ofSeconds(5)),
                null,
                applied,
                new Freshness(bound, Staleness.DEFAULT),
                0,
                new Standing());
    }
}
