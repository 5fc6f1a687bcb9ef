package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two writes of one key, of which the first is late, on a clock that the test moves on. */
class LatestValueTest {
    private static final String KEY = "confirmations/syncs/s1";
    private static final EtcdSettings SETTINGS =
            EtcdSettings.of(List.of("sim:1"), "sim").withLeaseTtl(Duration.ofSeconds(2));

    private final FakeEtcd etcd = new FakeEtcd();
    private final LateStore store = new LateStore(etcd.connect());
    private final StepLoop loop = new StepLoop();
    private final LeasedKey owner = new LeasedKey(store, loop, SETTINGS, "syncs/s1", "{}", new LeasedKey.Listener() {
        @Override
        public void held(LeasedKey.Held held) {}

        @Override
        public void lost(LeasedKey.Held last, String reason) {}
    });
    private final LatestValue value = new LatestValue(store, loop, owner, KEY);

    @BeforeEach
    void register() {
        owner.claim();
        pass();
    }

    @Test
    void writesUnderTheLeaseOfItsOwner() {
        value.write(held(), "first");
        pass();

        assertThat(stands()).isEqualTo("first");
        assertThat(Objects.requireNonNull(etcd.standing(KEY)).lease()).isEqualTo(held().lease());
    }

    @Test
    void lateWriteReplacesNoLaterOne() {
        store.holdNext = true;
        value.write(held(), "first");
        pass();
        value.write(held(), "second");
        pass();
        store.letGo();
        pass();

        assertThat(stands()).isEqualTo("second");
    }

    @Test
    void writeThatAnEarlierOneForestallsIsTriedAgain() {
        store.holdNext = true;
        value.write(held(), "first");
        pass();
        store.beforeNext = store::letGo;
        value.write(held(), "second");
        pass();

        assertThat(stands()).isEqualTo("second");
    }

    @Test
    void writeOfAnEndedIncarnationIsGivenUp() {
        LeasedKey.Held ended = held();
        etcd.endLease(ended.lease());
        pass();
        value.write(ended, "first");
        pass();

        assertThat(held().incarnation()).isGreaterThan(ended.incarnation());
        assertThat(etcd.standing(KEY)).isNull();
    }

    private void pass() {
        loop.pass(1_000);
    }

    private LeasedKey.Held held() {
        return Objects.requireNonNull(owner.held());
    }

    private String stands() {
        return Objects.requireNonNull(etcd.standing(KEY)).value();
    }

    /** A store whose next write of the key arrives when the test says so. */
    private static final class LateStore implements EtcdStore {
        private final EtcdStore store;
        boolean holdNext;
        Runnable beforeNext = () -> {};
        private @Nullable Runnable held;

        LateStore(EtcdStore store) {
            this.store = store;
        }

        void letGo() {
            Objects.requireNonNull(held).run();
        }

        @Override
        public CompletableFuture<Boolean> putIf(List<Condition> conditions, String key, String value, long lease) {
            if (holdNext) {
                holdNext = false;
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                held = () -> {
                    var unused = store.putIf(conditions, key, value, lease).thenAccept(answer::complete);
                };
                return answer;
            }
            Runnable before = beforeNext;
            beforeNext = () -> {};
            before.run();
            return store.putIf(conditions, key, value, lease);
        }

        @Override
        public CompletableFuture<Listing> list(String prefix) {
            return store.list(prefix);
        }

        @Override
        public Watch watch(String prefix, long fromRevision, WatchSink sink) {
            return store.watch(prefix, fromRevision, sink);
        }

        @Override
        public CompletableFuture<Long> grantLease(Duration ttl) {
            return store.grantLease(ttl);
        }

        @Override
        public CompletableFuture<Boolean> keepAlive(long lease) {
            return store.keepAlive(lease);
        }

        @Override
        public CompletableFuture<Boolean> revoke(long lease) {
            return store.revoke(lease);
        }

        @Override
        public CompletableFuture<StoredKey> createIfAbsent(String key, String value, long lease) {
            return store.createIfAbsent(key, value, lease);
        }

        @Override
        public void reconnect() {}

        @Override
        public void close() {
            store.close();
        }
    }
}
