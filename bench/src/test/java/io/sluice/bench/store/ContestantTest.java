package io.sluice.bench.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.store.policy.PolicyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContestantTest {
    private static final Payload PAYLOAD = new Payload(1_000);
    /** Enough for segments to be alike: one that is full asks others for room at random, and may get none. */
    private static final Payload MUCH = new Payload(50_000);

    @ParameterizedTest
    @EnumSource
    void holdsWhatWasPutAndNothingElse(ContestantKind kind) {
        Contestant cache = kind.create(PAYLOAD, 2_000);
        assertThat(cache.get(7)).isNull();
        cache.put(7);
        cache.load(8);
        assertThat(cache.get(7)).isNotNull();
        assertThat(cache.get(8)).isNotNull();
        assertThat(cache.entries()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void evictsWhenItIsFull(ContestantKind kind) {
        Contestant cache = kind.create(PAYLOAD, 500);
        for (int key = 0; key < 1_000; key++) {
            cache.put(key);
        }
        assertThat(cache.entries()).isBetween(450L, 500L);
    }

    @ParameterizedTest
    @EnumSource
    void isFilledForTheMeasurementOfItsMemory(PolicyKind policy) {
        assertThat(SluiceContestant.filled(MUCH, policy)).isNotNull();
    }

    @Test
    void keysAreOfTheirLengthAndNeverTheSameObject() {
        assertThat(PAYLOAD.key(907)).isEqualTo("key-000000000907").isNotSameAs(PAYLOAD.key(907));
        assertThat(PAYLOAD.keyBytes(907)).isEqualTo("key-000000000907".getBytes(ISO_8859_1));
        assertThat(PAYLOAD.key(0)).hasSize(Payload.KEY_BYTES);
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheNames() {
        assertThatThrownBy(() -> ContestantKind.named("best"))
                .hasMessageContaining("sluice, caffeine, caffeine-ttl-stats, synchronized-lru");
        assertThatThrownBy(() -> StoreBenchmark.named("best")).hasMessageContaining("get-hit-uniform, ");
    }
}
