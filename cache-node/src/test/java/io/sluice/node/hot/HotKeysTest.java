package io.sluice.node.hot;

import static io.sluice.node.fake.FakeSource.at;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.sluice.cluster.KeyHash;
import io.sluice.coherence.FenceLimits;
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
    private HotKeys hotKeys = new HotKeys(ON, this, () -> now);

    @Test
    void keyIsHotWhenItIsForwardedOftenEnough() {
        forward("1", 9);
        assertThat(found("1")).isFalse();

        forward("1", 1);

        assertThat(found("1")).isTrue();
        assertThat(events).containsExactly("forwarded", "served");
    }

    @Test
    void offMeansThatNothingIsKeptButCounted() {
        hotKeys = new HotKeys(new HotKeySettings(false, Duration.ofSeconds(1), 10, 2), this, () -> now);
        forward("1", 100);

        assertThat(found("1")).isFalse();
        assertThat(hotKeys.size()).isZero();
        assertThat(events).hasSize(91).containsOnly("forwarded");
    }

    @Test
    void copyLivesForItsTimeCountedFromWhenItWasAskedFor() {
        forward("1", 9);
        long asked = now;
        later(300);
        hotKeys.forwarded(read("1"), answer("one", at(1), 0), asked);
        later(699);
        assertThat(found("1")).isTrue();

        later(1);
        assertThat(found("1")).isFalse();
        assertThat(hotKeys.size()).isZero();
    }

    @Test
    void copyNeverOutlivesItsEntry() {
        forward("1", 9);
        Answer missing = Answer.newBuilder()
                .setInfo(AnswerInfo.newBuilder().setAgeMillis(299))
                .build();
        hotKeys.forwarded(read("1"), missing, now);
        later(199);
        assertThat(found("1")).isTrue();

        later(1);
        assertThat(found("1")).as("its time to live is 500 ms").isFalse();
    }

    @Test
    void copySaysHowOldItIsAndWhoseValueItIs() {
        forward("1", 9);
        hotKeys.forwarded(read("1"), answer("one", at(1), 40), now);
        later(20);

        Answer copy = requireNonNull(hotKeys.find(read("1")));

        assertThat(copy.getValue().toStringUtf8()).isEqualTo("one");
        assertThat(copy.getInfo().getAgeMillis()).isEqualTo(60);
        assertThat(copy.getInfo().getServedFrom()).isEqualTo(ServedFrom.SERVED_FROM_REPLICA);
        assertThat(copy.getInfo().getServedBy()).isEqualTo("owner");
    }

    @Test
    void readThatAsksForMoreThanTheCopyCoversDoesNotGetIt() {
        forward("1", 10);

        assertThat(hotKeys.find(read("1", at(2)))).isNull();
        assertThat(hotKeys.find(read("1", at(1)))).isNotNull();
    }

    @Test
    void removeThatComesTakesTheCopy() {
        forward("1", 10);
        group.store().remove(group.storeKey("1"), at(2));
        hotKeys.forget(group, group.storeKey("1"));

        assertThat(found("1")).isFalse();
    }

    @Test
    void removeOfTheGroupTakesAll() {
        forward("1", 10);
        forward("2", 10);
        group.store().removeAll(at(2));
        hotKeys.forget(group);

        assertThat(hotKeys.size()).isZero();
    }

    /** 1: forwards, and the owner answers the old value. Remove comes here too. 1: gets the answer. */
    @Test
    void answerThatComesAfterARemoveIsNotKept() {
        forward("1", 9);
        group.store().remove(group.storeKey("1"), at(2));
        hotKeys.forget(group, group.storeKey("1"));
        hotKeys.forwarded(read("1"), answer("old", at(1), 0), now);
        assertThat(found("1")).isFalse();

        hotKeys.forwarded(read("1"), answer("new", at(2), 0), now);
        assertThat(found("1")).isTrue();
    }

    @Test
    void keyStaysHotWhileCopiesAnswerForIt() {
        forward("1", 10);
        for (int i = 0; i < 20; i++) {
            assertThat(found("1")).isTrue();
        }
        later(1_000);
        assertThat(found("1")).isFalse();

        forward("1", 1);

        assertThat(found("1")).isTrue();
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

        later(1_001);
        forward("3", 10);

        assertThat(found("3")).isTrue();
        assertThat(hotKeys.size()).isEqualTo(1);
    }

    @Test
    void largeValuesAreNotKept() {
        forward("1", 9);
        hotKeys.forwarded(read("1"), answer("x".repeat(HotKeys.MAX_VALUE_BYTES + 1), at(1), 0), now);

        assertThat(found("1")).isFalse();
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
            hotKeys.forwarded(read(key), answer("one", at(1), 0), now);
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
