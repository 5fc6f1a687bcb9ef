package io.sluice.node.hot;

import static io.sluice.node.fake.FakeSource.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.sluice.cluster.KeyHash;
import io.sluice.coherence.Clocks;
import io.sluice.coherence.FenceLimits;
import io.sluice.coherence.LeasedCopies;
import io.sluice.coherence.SourcePosition;
import io.sluice.mapping.Coherence;
import io.sluice.node.fake.FakeSource;
import io.sluice.node.read.Answers;
import io.sluice.node.read.CacheGroup;
import io.sluice.node.read.Read;
import io.sluice.proto.v1.Answer;
import io.sluice.proto.v1.AnswerInfo;
import io.sluice.proto.v1.ServedFrom;
import io.sluice.store.SegmentedStore;
import io.sluice.store.StoreSettings;
import io.sluice.store.TimeToLive;
import io.sluice.store.policy.PolicyKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

final class HotKeysTest implements HotKeyEvents {
    private static final HotKeySettings ON = new HotKeySettings(true, Duration.ofSeconds(1), 10, 2);

    private long now = 1_000_000;
    private final List<String> events = new ArrayList<>();
    private final CacheGroup group = new CacheGroup(
            "student",
            "app",
            Coherence.GTID,
            SegmentedStore.ofCapacity(
                    1 << 20,
                    new StoreSettings(1, PolicyKind.DEFAULT, FenceLimits.DEFAULTS),
                    KeyHash.ofGroup("student")::hash,
                    () -> now),
            new FakeSource(() -> now),
            new TimeToLive(Duration.ofMinutes(10), Duration.ofMillis(500)));
    private final LeasedCopies<HotCopy> copies = ON.room();
    private final LeasedCopies.Stream stream = copies.begin();
    private final Clocks clocks = Clocks.by(() -> now);
    private HotKeys hotKeys = new HotKeys(ON, copies, this::lend, this, clocks);
    private final List<String> asked = new ArrayList<>();
    private Answer lent = answer("one", at(1), 0);
    private long definition;
    private boolean silent;

    /** An owner that lends at once, or never answers. */
    private void lend(Read read, long leaseMillis, Runnable settled) {
        asked.add(read.key() + " " + leaseMillis);
        if (!silent) {
            copies.offer(
                    new LeasedCopies.Asked(stream, clocks.now()),
                    "student",
                    read.key(),
                    new HotCopy(lent, definition, new LongAdder()),
                    at(1),
                    100,
                    leaseMillis,
                    now,
                    TimeUnit.NANOSECONDS.toMillis(now));
            settled.run();
        }
    }

    @Test
    void keyIsHotWhenItIsForwardedOftenEnough() {
        forward("1", 9);
        assertThat(found("1")).isFalse();

        forward("1", 1);

        assertThat(found("1")).isTrue();
        assertThat(events).containsExactly("forwarded", "served");
        assertThat(asked).containsExactly("1 1000");
    }

    @Test
    void offMeansThatNothingIsKeptButCounted() {
        hotKeys =
                new HotKeys(new HotKeySettings(false, Duration.ofSeconds(1), 10, 2), copies, this::lend, this, clocks);
        forward("1", 100);

        assertThat(found("1")).isFalse();
        assertThat(asked).isEmpty();
        assertThat(events).hasSize(91).containsOnly("forwarded");
    }

    @Test
    void theOwnerIsAskedOnceUntilItAnswers() {
        silent = true;
        forward("1", 20);
        assertThat(asked).containsExactly("1 1000");
    }

    @Test
    void theNextCopyIsAskedForWhenTheLeaseHasEnded() {
        forward("1", 10);
        later(999);
        assertThat(found("1")).isTrue();
        later(1);
        assertThat(found("1")).isFalse();
        forward("1", 10);
        assertThat(found("1")).isTrue();
        assertThat(asked).containsExactly("1 1000", "1 1000");
    }

    @Test
    void copySaysHowOldItIsAndWhoseValueItIs() {
        lent = answer("one", at(1), 40);
        forward("1", 10);
        later(20);

        Answer copy = requireNonNull(hotKeys.find(read("1")));

        assertThat(copy.getValue().toStringUtf8()).isEqualTo("one");
        assertThat(copy.getInfo().getAgeMillis()).isEqualTo(60);
        assertThat(copy.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_REPLICA);
        assertThat(copy.getInfo().getServedBy()).isEqualTo("owner");
        assertThat(copy.getInfo().hasStalenessBoundMillis()).isFalse();
    }

    @Test
    void theBoundOfACopyIsItsOwnersAndGrows() {
        Answer bounded = answer("one", at(1), 40);
        lent = bounded.toBuilder()
                .setInfo(bounded.getInfo().toBuilder().setStalenessBoundMillis(100))
                .build();
        forward("1", 10);
        later(20);

        AnswerInfo info = requireNonNull(hotKeys.find(read("1"))).getInfo();

        assertThat(info.getStalenessBoundMillis()).isEqualTo(121);
    }

    @Test
    void readThatAsksForMoreThanTheCopyCoversDoesNotGetIt() {
        forward("1", 10);

        assertThat(hotKeys.find(read("1", at(2)))).isNull();
        assertThat(hotKeys.find(read("1", at(1)))).isNotNull();
    }

    @Test
    void copyOfAnotherDefinitionIsNobodys() {
        definition = 9;
        forward("1", 10);
        assertThat(copies.size()).isEqualTo(1);
        assertThat(found("1")).isFalse();
    }

    @Test
    void removeThatComesTakesTheCopy() {
        forward("1", 10);
        hotKeys.forget(group, "1");

        assertThat(found("1")).isFalse();
    }

    @Test
    void removeOfTheGroupTakesAll() {
        forward("1", 10);
        forward("2", 10);
        hotKeys.forget(group);

        assertThat(hotKeys.size()).isZero();
    }

    @Test
    void keyStaysHotWhileCopiesAnswerForIt() {
        forward("1", 10);
        for (int i = 0; i < 40; i++) {
            assertThat(found("1")).isTrue();
        }
        later(1_000);
        assertThat(found("1")).isFalse();

        forward("1", 1);

        assertThat(found("1")).isTrue();
    }

    @Test
    void whoOnlyLooksKeepsNoKeyHot() {
        forward("1", 10);
        for (int i = 0; i < 40; i++) {
            assertThat(hotKeys.look(read("1"))).isNotNull();
        }
        assertThat(events).containsExactly("forwarded");
        later(1_000);

        forward("1", 1);

        assertThat(found("1")).isFalse();
    }

    @Test
    void keyThatCooledDownIsNotKept() {
        forward("1", 10);
        later(60_000);
        assertThat(found("1")).isFalse();

        forward("1", 1);

        assertThat(found("1")).isFalse();
    }

    @Test
    void numberOfCopiesIsBoundedAndExpiredOnesMakeRoom() {
        forward("1", 10);
        forward("2", 10);
        forward("3", 10);
        assertThat(hotKeys.size()).isEqualTo(2);
        assertThat(found("3")).isFalse();
        assertThat(asked).hasSize(2);

        later(1_001);
        forward("3", 10);

        assertThat(found("3")).isTrue();
        assertThat(hotKeys.size()).isEqualTo(1);
    }

    @Test
    void largeValuesAreNotAskedFor() {
        forward("1", 9);
        hotKeys.forwarded(read("1"), answer("x".repeat(HotKeys.MAX_VALUE_BYTES + 1), at(1), 0));

        assertThat(asked).isEmpty();
    }

    @Test
    void settingsOutOfRangeSayWhatToGive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HotKeySettings(true, Duration.ofSeconds(3), 1, 1))
                .withMessageContaining("hot-keys.life is 3000 ms: give 10ms to 2s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HotKeySettings(true, Duration.ofSeconds(1), 0, 1))
                .withMessageContaining("hot-keys.rate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HotKeySettings(true, Duration.ofSeconds(1), 1, 0))
                .withMessageContaining("hot-keys.keys");
    }

    private void forward(String key, int times) {
        for (int i = 0; i < times; i++) {
            hotKeys.forwarded(read(key), answer("one", at(1), 0));
        }
    }

    private boolean found(String key) {
        return hotKeys.find(read(key)) != null;
    }

    private void later(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private Read read(String key) {
        return read(key, SourcePosition.UNKNOWN);
    }

    private Read read(String key, SourcePosition minPosition) {
        return new Read(group, key, group.storeKey(key), minPosition, Deadline.after(10, TimeUnit.SECONDS), false);
    }

    private static Answer answer(String value, SourcePosition stamp, long ageMillis) {
        return Answer.newBuilder()
                .setFound(true)
                .setValue(ByteString.copyFromUtf8(value))
                .setInfo(AnswerInfo.newBuilder()
                        .setServedBy("owner")
                        .setAgeMillis(ageMillis)
                        .setStamp(Answers.position(stamp)))
                .build();
    }

    @Override
    public void hotForwarded(String ofGroup) {
        events.add("forwarded");
    }

    @Override
    public void hotServed(String ofGroup) {
        events.add("served");
    }
}
