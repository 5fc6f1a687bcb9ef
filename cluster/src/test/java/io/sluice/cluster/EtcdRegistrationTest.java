package io.sluice.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EtcdRegistrationTest {
    private static final EtcdSettings SETTINGS = EtcdSettings.of(List.of("unused:1"), "school")
            .withLeaseTtl(Duration.ofSeconds(1))
            .withStartTimeout(Duration.ofSeconds(1));
    private static final Member SELF = Member.of("node-1", "127.0.0.1", 7400);

    private final FakeEtcd etcd = new FakeEtcd();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final EtcdRegistration.Listener listener = new EtcdRegistration.Listener() {
        @Override
        public void registered(Member self) {
            heard.add("registered " + self.incarnation());
        }

        @Override
        public void lost(String reason) {
            heard.add("lost: " + reason);
        }
    };

    @Test
    void keyStandsUnderALeaseOnceRegistered() {
        try (EtcdRegistration registration = register()) {
            EtcdStore.StoredMember standing = standing();

            assertThat(registration.registered()).isTrue();
            assertThat(MemberRecord.decode(standing)).isEqualTo(registration.member());
            assertThat(registration.member().incarnation()).isEqualTo(standing.createRevision());
            assertThat(standing.lease()).isPositive();
        }
    }

    @Test
    void closeRevokesTheLease() {
        register().close();

        assertThat(etcd.standing("node-1")).isNull();
        assertThat(etcd.leases()).isZero();
        assertThat(etcd.closed()).isTrue();
    }

    @Test
    void goesOnAfterAFailureThatNobodyExpected() {
        try (EtcdRegistration registration = register()) {
            etcd.failNext(new IllegalStateException("not what a store should throw"));
            await().until(etcd::hasFailed);
            long failedNanos = System.nanoTime();

            await().until(() -> registration.sinceConfirmed().toNanos() < System.nanoTime() - failedNanos);
        }
    }

    @Test
    void returnsAsANewIncarnationWhenItsLeaseEnded() {
        try (EtcdRegistration registration = register()) {
            long first = registration.member().incarnation();

            etcd.endLease(standing().lease());
            await().until(() ->
                    registration.registered() && registration.member().incarnation() > first);

            assertThat(heard)
                    .containsExactly(
                            "registered " + first,
                            "lost: its lease ended",
                            "registered " + registration.member().incarnation());
        }
    }

    @Test
    void returnsAsANewIncarnationWhenItsKeyWasDeleted() {
        try (EtcdRegistration registration = register()) {
            long first = registration.member().incarnation();

            etcd.delete("node-1");
            await().until(() ->
                    registration.registered() && registration.member().incarnation() > first);

            assertThat(heard).contains("lost: its key was deleted");
            assertThat(etcd.leases()).isEqualTo(1);
        }
    }

    @Test
    void etcdBeingAwayForAWhileLosesNothing() {
        try (EtcdRegistration registration = register()) {
            long first = registration.member().incarnation();
            etcd.goAway();
            await().until(() -> registration.sinceConfirmed().compareTo(Duration.ofMillis(1_200)) > 0);
            assertThat(registration.registered()).isTrue();
            etcd.comeBack();

            await().until(() -> registration.sinceConfirmed().compareTo(Duration.ofMillis(600)) < 0);
            assertThat(registration.member().incarnation()).isEqualTo(first);
            assertThat(heard).hasSize(1);
        }
    }

    @Test
    void waitsForTheKeyOfItsEarlierLifeToExpire() throws InterruptedException {
        etcd.put("node-1", MemberRecord.encode(SELF));
        long old = standing().createRevision();
        CountDownLatch done = new CountDownLatch(1);
        Thread starting = new Thread(() -> {
            register().close();
            done.countDown();
        });
        starting.start();
        etcd.delete("node-1");

        done.await();
        assertThat(heard).singleElement().isNotEqualTo("registered " + old);
    }

    @Test
    void saysWhatToDoWhenALiveProcessHasTheName() {
        etcd.put("node-1", MemberRecord.encode(Member.of("node-1", "10.0.0.9", 7400)));

        assertThatThrownBy(this::register)
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("the name node-1 in cluster school is taken by incarnation 2 at 10.0.0.9:7400")
                .hasMessageContaining("give this node another name, or stop that process");
        assertThat(etcd.leases()).isZero();
        assertThat(etcd.closed()).isTrue();
    }

    private EtcdRegistration register() {
        return EtcdRegistration.register(etcd, SETTINGS, SELF, listener);
    }

    private EtcdStore.StoredMember standing() {
        return Objects.requireNonNull(etcd.standing("node-1"));
    }
}
